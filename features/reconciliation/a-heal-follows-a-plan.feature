Feature: A heal follows a plan
  When a partition heals, each two regions that could not hear each other compare what they hold, come to the same plan on either
  side, carry it out, and report what they did.
  A view counts half after 6 hours.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home    |
      | song    | us-east |
      | article | eu-west |

  Rule: 1. Both sides have the same plan, and it says what each of them lacks

    Background:
      Given us-east and eu-west and ap-south are cut off from each other
      And these signals were sent:
        | region  | user | signal | item | number | happened at |
        | us-east | ana  | view   | song | 8      | 00:00:01    |
        | eu-west | ana  | view   | song | 5      | 00:00:01    |
      And 2 seconds have passed

    @uat @uat-step-4
    Scenario: The plan before the heal, and after it
      Given the plan between us-east and eu-west for "song" was:
        | written in | us-east holds | eu-west holds | to ship                      |
        | us-east    | 9             | 1             | 2 to 9 to eu-west as batches |
        | eu-west    | 0             | 5             | 1 to 5 to us-east as batches |
      When the partition heals
      Then within 2 seconds the regions agree
      And the plan between us-east and eu-west for "song" is:
        | written in | us-east holds | eu-west holds | to ship |
        | us-east    | 9             | 9             | nothing |
        | eu-west    | 5             | 5             | nothing |

    @uat @uat-step-4
    Scenario: Either side reports what it did
      Given all replicas of the shard of "song" in ap-south have crashed
      When the partition heals
      Then within 2 seconds us-east and eu-west report of "song", both by the same plan:
        | region  | records taken | records given | interrupted |
        | us-east | 5             | 8             | 0           |
        | eu-west | 8             | 5             | 0           |

    @uat @uat-step-4
    Scenario: A signal that was sent on both sides counts once
      Given "ana" has sent 1 "view" signals for "song" in us-east
      And the last signal has been sent again in eu-west
      And all replicas of the shard of "song" in ap-south have crashed
      When the partition heals
      Then within 2 seconds us-east and eu-west report of "song", both by the same plan:
        | region  | records taken | records given | records voided | interrupted |
        | us-east | 6             | 9             | 1              | 0           |
        | eu-west | 9             | 6             | 1              | 0           |
      And eu-west has counted 14 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 2. A hide on one side and its undoing on the other become what the user said last

    Background:
      Given these signals were accepted:
        | region  | user | signal | item    | number | happened at |
        | us-east | ben  | view   | song    | 2      | 00:00:01    |
        | us-east | ben  | view   | article | 1      | 00:00:01    |
      And "ana" has hidden "song" in us-east
      And 2 seconds have passed
      And all replicas of the shard of "ana" in ap-south have crashed
      And us-east and eu-west are cut off from each other

    @uat @uat-step-4
    Scenario: What was undone is hidden again on the other side
      Given "ana" has undone the hide of "song" in eu-west
      And 1 second has passed
      And "ana" has hidden "song" in us-east
      And 2 seconds have passed
      When the partition heals
      Then within 2 seconds us-east and eu-west report of "ana", both by the same plan:
        | region  | records taken | records given | hides changed |
        | us-east | 1             | 1             | 0             |
        | eu-west | 1             | 1             | 1             |
      And "ana" is shown:
        | region  | items   |
        | us-east | article |
        | eu-west | article |

    @uat @uat-step-4
    Scenario: What was hidden again is undone on the other side
      Given "ana" has hidden "song" in us-east
      And 1 second has passed
      And "ana" has undone the hide of "song" in eu-west
      And 2 seconds have passed
      When the partition heals
      Then within 2 seconds us-east and eu-west report of "ana", both by the same plan:
        | region  | records taken | records given | hides changed |
        | us-east | 1             | 1             | 1             |
        | eu-west | 1             | 1             | 0             |
      And "ana" is shown:
        | region  | items         |
        | us-east | song, article |
        | eu-west | song, article |
