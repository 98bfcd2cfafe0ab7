Feature: A heal is interrupted
  While regions carry out what they planned at a heal, a primary may crash, or the next partition begin. What was shipped counts,
  and the rest is planned anew.
  A view counts half after 6 hours.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home    |
      | song    | us-east |
      | article | eu-west |

  Rule: 1. What interrupts a heal only makes it longer

    Background:
      Given all replicas of the shard of "song" in eu-west have crashed
      And ap-south is cut off from every other region
      And these signals were sent:
        | region   | user | signal | item | number | happened at |
        | us-east  | ana  | view   | song | 80     | 00:00:01    |
        | ap-south | ana  | view   | song | 50     | 00:00:01    |
      And 2 seconds have passed
      And the partition has healed so far that us-east and ap-south have a plan for "song"

    @uat @uat-step-4
    Scenario Outline: A primary crashes in the middle of the heal
      When the primary of the shard of "song" in <region> crashes
      Then within 5 seconds us-east has counted 130 "view" signals for "song"
      And within 5 seconds ap-south has counted 130 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

      Examples:
        | region   |
        | us-east  |
        | ap-south |

    @uat @uat-step-4
    Scenario: A second partition comes in the middle of the heal
      Given ap-south is cut off from every other region
      And 2 seconds have passed
      When the partition heals
      Then within 2 seconds us-east and ap-south report of "song", both by the same plan:
        | region   | records taken | records given | interrupted |
        | us-east  | 50            | 80            | 1           |
        | ap-south | 80            | 50            | 1           |
