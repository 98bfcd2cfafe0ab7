Feature: A tenant moves to another region
  An operator says in which regions a tenant is wanted, and nothing else. The new region takes in all that there is, then takes writes
  with the others; the old one ends its part of the log, hands over its items, and erases every byte. Meanwhile users write and ask
  as ever. Whatever fails on the way, the move goes on where it stood, or is taken back, and nothing is lost, doubled or left behind.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 2 shards and 3 replicas each, and these tenants:
      | tenant | regions                          | half-lives |
      | shop   | us-east and eu-west              | view 6 h   |
      | press  | us-east and eu-west and ap-south | view 6 h   |
    And the clients are those of "shop"
    And these items:
      | item | home    |
      | song | us-east |
      | film | eu-west |
    And "ana" has sent 5 "view" signals for "song" in us-east

  Rule: 1. Nobody notices

    @uat @uat-step-5
    Scenario: A tenant moves while everybody writes and asks
      Given clients in all regions write and ask all the time
      When "shop" is moved to eu-west and ap-south
      Then within 10 seconds it has come to eu-west and ap-south and left no byte anywhere else
      And no client noticed anything
      And within 2 seconds the tenants have counted:
        | tenant | region   | signal | item | number |
        | shop   | eu-west  | view   | song | 5      |
        | shop   | ap-south | view   | song | 5      |
      And nothing acknowledged is lost and nothing is counted twice

    Scenario Outline: From any regions to any others
      Given clients in all regions write and ask all the time
      And "shop" has been moved to <first>
      And within 10 seconds it had come to <first> and left no byte anywhere else
      When "shop" is moved to <second>
      Then within 10 seconds it has come to <second> and left no byte anywhere else
      And no client noticed anything

      Examples:
        | first                            | second                           |
        | eu-west                          | ap-south                         |
        | us-east and ap-south             | us-east and eu-west              |
        | us-east and eu-west and ap-south | ap-south                         |
        | ap-south                         | us-east and eu-west and ap-south |

    Scenario: The items of a region that was left are still listed
      Given "shop" has been moved to ap-south
      And within 10 seconds it had come to ap-south and left no byte anywhere else
      When us-east is asked as of 00:00:01 "RETRIEVE items USING PROFILE top"
      Then the answer is whole
      And the answer lists "song"

    Scenario: What a user has hidden stays hidden
      Given "ana" has hidden "song" in us-east
      When "shop" is moved to ap-south
      Then within 10 seconds it has come to ap-south and left no byte anywhere else
      And "ana" is shown:
        | tenant | region   | items |
        | shop   | us-east  |       |
        | shop   | ap-south |       |

    Scenario: Who has not heard of the move is told, and asks the new region too
      Given "shop" has been moved to us-east
      And within 10 seconds it had come to us-east and left no byte anywhere else
      And ap-south is cut off from every other region
      And "shop" has been moved to us-east and eu-west
      And within 10 seconds it had come to us-east and eu-west and left no byte anywhere else
      And messages from eu-west to us-east are lost
      And "ana" has hidden "song" in eu-west
      When the partition heals
      Then "ana" is shown:
        | tenant | region   | items |
        | shop   | ap-south |       |

    Scenario: A signal that is sent again after the move counts once
      Given "shop" has been moved to ap-south
      And within 10 seconds it had come to ap-south and left no byte anywhere else
      When the last signal is sent again in us-east and eu-west and ap-south
      Then it is acknowledged
      And ap-south has counted 5 "view" signals for "song"

    Scenario: A signal whose answer was lost counts once, sent again after the move
      Given a "view" signal by "ben" for "song" is on two disks in us-east
      And the primary of the shard of "song" in us-east has crashed
      And the outcome of that signal is unknown
      And the crashed replica has come back
      And "shop" has been moved to ap-south
      And within 20 seconds it had come to ap-south and left no byte anywhere else
      When the last signal is sent again in ap-south and us-east
      Then it is acknowledged
      And ap-south has counted 6 "view" signals for "song"

  Rule: 2. Whatever fails, it ends where it is wanted

    Scenario Outline: Somebody crashes at a step
      Given clients in all regions write and ask all the time
      And "shop" has been moved to eu-west and ap-south
      And its move has come to where <step>
      And the primary of the shard of "song" in <region> has crashed
      And 3 seconds have passed
      When the crashed replica comes back
      Then within 10 seconds it has come to eu-west and ap-south and left no byte anywhere else
      And nothing acknowledged is lost and nothing is counted twice

      Examples:
        | step                    | region   |
        | the new region prepares | us-east  |
        | the new region prepares | ap-south |
        | all regions take writes | us-east  |
        | all regions take writes | ap-south |
        | the old region closes   | us-east  |
        | the old region closes   | ap-south |
        | the old region erases   | ap-south |

    Scenario Outline: The control plane crashes at a step
      Given clients in all regions write and ask all the time
      And "shop" has been moved to eu-west and ap-south
      And its move has come to where <step>
      And the control plane has crashed, to be back in 3 seconds
      When "shop" is moved to <regions>
      Then within 20 seconds it has come to <regions> and left no byte anywhere else
      And no client noticed anything

      Examples:
        | step                    | regions              |
        | the new region prepares | eu-west and ap-south |
        | all regions take writes | eu-west and ap-south |
        | the old region closes   | eu-west and ap-south |
        | the old region erases   | eu-west and ap-south |
        | the old region closes   | us-east and eu-west  |

    Scenario: A replica that was down meanwhile erases when it returns
      Given a follower of the shard of "song" in us-east has crashed
      And "shop" has been moved to ap-south
      And 10 seconds have passed
      When the crashed replica comes back
      Then within 5 seconds it has come to ap-south and left no byte anywhere else

  Rule: 3. It waits for what it needs, and says so

    Scenario: The old and the new region cannot hear each other
      Given "shop" has been moved to eu-west
      And within 10 seconds it had come to eu-west and left no byte anywhere else
      And eu-west and ap-south are cut off from each other
      When "shop" is moved to ap-south
      Then within 5 seconds its move has come to where the new region prepares, and waits because "ap-south does not hear eu-west"

    Scenario: It goes on as soon as they hear each other again
      Given "shop" has been moved to eu-west
      And within 10 seconds it had come to eu-west and left no byte anywhere else
      And eu-west and ap-south are cut off from each other
      And "shop" has been moved to ap-south
      And 5 seconds have passed
      When the partition heals
      Then within 10 seconds it has come to ap-south and left no byte anywhere else

    Scenario: It is taken back while it waits
      Given us-east and ap-south are cut off from each other
      And "shop" has been moved to ap-south
      And 5 seconds have passed
      When "shop" is moved to us-east and eu-west
      And the partition heals
      Then within 10 seconds it has come to us-east and eu-west and left no byte anywhere else

    Scenario: The old region keeps what nobody else has yet
      Given "shop" has been moved to eu-west and ap-south
      And within 10 seconds it had come to eu-west and ap-south and left no byte anywhere else
      And eu-west and ap-south are cut off from each other
      And "ben" has sent 5 "view" signals for "song" in ap-south
      When "shop" is moved to eu-west
      Then within 5 seconds its move has come to where the old region closes, and waits because "eu-west does not hear ap-south"

    Scenario: And goes once they have it
      Given "shop" has been moved to eu-west and ap-south
      And within 10 seconds it had come to eu-west and ap-south and left no byte anywhere else
      And eu-west and ap-south are cut off from each other
      And "ben" has sent 5 "view" signals for "song" in ap-south
      And "shop" has been moved to eu-west
      And 5 seconds have passed
      When the partition heals
      Then within 10 seconds it has come to eu-west and left no byte anywhere else
      And eu-west has counted 10 "view" signals for "song"

    Scenario: The old region and a third cannot hear each other, and the new one passes on what they have
      Given the control plane has crashed, to be back in 1 second
      And us-east and eu-west are cut off from each other
      And "ben" has sent 5 "view" signals for "song" in us-east
      When "shop" is moved to eu-west and ap-south
      Then within 15 seconds it has come to eu-west and ap-south and left no byte anywhere else
      And within 2 seconds the tenants have counted:
        | tenant | region   | signal | item | number |
        | shop   | eu-west  | view   | song | 10     |
        | shop   | ap-south | view   | song | 10     |

    Scenario: It is taken back when the old region has ended its log already
      Given clients in all regions write and ask all the time
      And "shop" has been moved to eu-west and ap-south
      And its move has come to where the old region closes
      When "shop" is moved to us-east and eu-west
      Then within 10 seconds it has come to us-east and eu-west and left no byte anywhere else
      And no client noticed anything

    Scenario: There and back again
      Given clients in all regions write and ask all the time
      And "shop" has been moved to ap-south
      And within 10 seconds it had come to ap-south and left no byte anywhere else
      When "shop" is moved to us-east and eu-west
      Then within 10 seconds it has come to us-east and eu-west and left no byte anywhere else
      And no client noticed anything
      And within 2 seconds the tenants have counted:
        | tenant | region  | signal | item | number |
        | shop   | us-east | view   | song | 5      |
        | shop   | eu-west | view   | song | 5      |
