Feature: Regions agree after a partition
  A partition may last as long as it likes, with writes on every side of it. When it heals, each two regions that could not
  hear each other compare what they hold, come to the same plan on either side, and ship what the other lacks. Then every
  region holds the same, and it is what one database that never saw a partition would hold.
  A view counts half after 6 hours.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home    |
      | song    | us-east |
      | article | eu-west |

  Rule: 1. However often and when the regions were cut off, after the heal they hold the same

    @uat @uat-step-4
    Scenario: A partition that comes and goes
      When ap-south is cut off from every other region 3 times, 2 seconds each, while "ana" sends 60 "view" signals for "song" in each region
      Then within 2 seconds the regions agree
      And ap-south has counted 180 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    @uat @uat-step-4
    Scenario: Signals that happened before the partition and arrive in the middle of it
      Given ap-south is cut off from every other region
      And these signals were sent:
        | region   | user | signal | item | number | happened at             |
        | us-east  | ana  | view   | song | 8      | 00:00:01                |
        | ap-south | ana  | view   | song | 4      | 18:00:01 the day before |
      And 5 seconds have passed
      When the partition heals
      Then within 2 seconds the regions agree
      And within 2 seconds the regions have counted:
        | region   | signal | item | number | score at 06:00:01 |
        | us-east  | view   | song | 12     | 5.000000          |
        | eu-west  | view   | song | 12     | 5.000000          |
        | ap-south | view   | song | 12     | 5.000000          |
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 2. Regions that hear each other plan nothing

    Scenario: Writes in every region, and no partition
      When these signals are accepted:
        | region   | user | signal | item | number | happened at |
        | us-east  | ana  | view   | song | 150    | 00:00:01    |
        | eu-west  | ana  | view   | song | 150    | 00:00:01    |
        | ap-south | ana  | view   | song | 150    | 00:00:01    |
      Then within 2 seconds the regions agree
      And no region has made a plan
