Feature: Clocks may lie
  Wall clocks are wrong sometimes: a second ahead, an hour behind, set back in the middle of the day, standing still.
  Nothing is lost for it and nothing is counted twice; and what follows from something counts as later than it, whatever the
  clocks say. Only a primary that can tell that its own clock is the wrong one takes no signals until it is right again.

  Rule: 1. Whatever the clocks say, nothing is lost and nothing is counted twice

    Background:
      Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
      And these items:
        | item | home    |
        | song | us-east |

    Scenario Outline: A region that is cut off takes signals with clocks that lie
      Given eu-west is cut off from every other region
      And the clocks in eu-west <lie>
      And 2 seconds have passed
      And "ana" has sent 10 "view" signals for "song" in us-east
      And "ben" has sent 20 "view" signals for "song" in eu-west
      When the partition heals
      Then within 2 seconds us-east has counted 30 "view" signals for "song"
      And within 2 seconds eu-west has counted 30 "view" signals for "song"
      And the decay score of "song" for "view" is the same in us-east and eu-west, to the bit

      Examples:
        | lie                                                    |
        | are 200 seconds ahead                                  |
        | are 200 seconds behind                                 |
        | jump 100 seconds ahead and back every 70 milliseconds  |
        | jump 100 seconds behind and back every 70 milliseconds |
        | stand still                                            |

    Scenario: No two regions have the same time
      Given us-east is cut off from every other region
      And ap-south is cut off from every other region
      And the clocks in us-east are 60 seconds ahead
      And the clocks in ap-south stand still
      And 2 seconds have passed
      And "ana" has sent 20 "view" signals for "song" in us-east
      And "ben" has sent 20 "view" signals for "song" in ap-south
      When the partition heals
      Then within 2 seconds eu-west has counted 40 "view" signals for "song"

    Scenario: A primary crashes while its region's clocks are set back again and again
      Given the clocks in us-east jump 100 seconds behind and back every 70 milliseconds
      And the primary of the shard of "song" in us-east has crashed
      When "ana" sends 20 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 10 seconds
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 2. What follows from something counts as later, though its clock is behind

    Background:
      Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
      And these items:
        | item | home    | topic |
        | song | us-east | jazz  |

    Scenario Outline: A region changes what it has from another, with clocks that lie
      Given eu-west is cut off from every other region
      And the clocks in eu-west <lie>
      And 2 seconds have passed
      And eu-west has given "song" the topic "rock"
      And the partition has healed
      And 1 second has passed
      When ap-south is asked "RETRIEVE items USING PROFILE new FILTER topic:rock"
      Then the answer lists "song"

      Examples:
        | lie                         |
        | are 3600 seconds behind     |
        | are 100 milliseconds behind |
        | stand still                 |

    Scenario: A region changes what it has from one whose clocks were ahead
      Given us-east is cut off from every other region
      And the clocks in us-east are 3600 seconds ahead
      And 2 seconds have passed
      And us-east has given "song" the topic "blues"
      And the partition has healed
      And 1 second has passed
      And eu-west has given "song" the topic "rock"
      When ap-south is asked "RETRIEVE items USING PROFILE new FILTER topic:rock"
      Then the answer lists "song"

    Scenario: The clocks are set back and the primary crashes between two writes
      Given us-east is cut off from every other region
      And the clocks in us-east are 3600 seconds ahead
      And 2 seconds have passed
      And us-east has given "song" the topic "blues"
      And the clocks in us-east are 7200 seconds behind
      And the primary of the shard of "song" in us-east has crashed
      And us-east has given "song" the topic "rock"
      When us-east is asked "RETRIEVE items USING PROFILE new FILTER topic:rock"
      Then the answer lists "song"

  Rule: 3. A primary whose own clock is off takes no signals, and says by how much

    Background:
      Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
      And these items:
        | item | home    |
        | song | us-east |

    Scenario Outline: Its clock is off from all of its peers' by more than half a second
      Given the clock of the primary of the shard of "song" in us-east is <off>
      When "ana" sends a "view" signal for "song" in us-east
      Then it is refused, because that clock is about <off>

      Examples:
        | off                        |
        | 800 milliseconds ahead     |
        | 800 milliseconds behind    |
        | 3600000 milliseconds ahead |

    Scenario: The clocks of its whole region are off, and most of the nodes that it hears are elsewhere
      Given the clocks in us-east are 2000 milliseconds behind
      When "ana" sends a "view" signal for "song" in us-east
      Then it is refused, because that clock is about 2000 milliseconds behind
      And within 2 seconds eu-west has counted 0 "view" signals for "song"

    Scenario: A clock that is off by less is good enough
      Given the clock of the primary of the shard of "song" in us-east is 400 milliseconds behind
      When "ana" sends a "view" signal for "song" in us-east that happens in 4 minutes
      Then it is acknowledged
      And within 2 seconds eu-west has counted 1 "view" signals for "song"

    Scenario: What happens when is judged by the clock of the primary that accepts it
      Given the clock of the primary of the shard of "song" in us-east is 400 milliseconds ahead
      When "ana" sends a "view" signal for "song" in us-east that happens in 6 minutes
      Then it is refused, because it happens more than 5 minutes ahead

    Scenario: It goes on answering, and taking what other regions accepted
      Given the clock of the primary of the shard of "song" in us-east is 3600 seconds behind
      And a "view" signal by "ana" for "song" ended as refused in us-east
      When "ben" sends 5 "view" signals for "song" in eu-west
      Then within 2 seconds us-east has counted 5 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: It takes signals again as soon as its clock is right
      Given the clock of the primary of the shard of "song" in us-east is 3600 seconds ahead
      And a "view" signal by "ana" for "song" ended as refused in us-east
      And the clock of the primary of the shard of "song" in us-east is right again
      When "ana" sends a "view" signal for "song" in us-east
      Then it is acknowledged

  Rule: 4. With nobody to compare clocks with, signals are taken

    Background:
      Given a cluster of us-east, eu-west and ap-south with 1 shards and 1 replicas each
      And these items:
        | item | home    |
        | song | us-east |
      And the clocks in us-east are 200 seconds behind

    Scenario: The other regions are heard, and say that the clock is off
      When "ana" sends a "view" signal for "song" in us-east
      Then it is refused, because that clock is about 200000 milliseconds behind

    Scenario: Nobody has been heard for more than a second
      Given us-east is cut off from every other region
      And 2 seconds have passed
      When "ana" sends a "view" signal for "song" in us-east
      Then it is acknowledged
