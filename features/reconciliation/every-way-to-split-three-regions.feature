Feature: Every way to split three regions
  Regions may lose each other in any way: one of them, two, or all, with writes on every side. After the heal every region
  holds the same, and it is what one database that never saw a partition would hold.
  A view counts half after 6 hours.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home    |
      | song    | us-east |
      | article | eu-west |

  @uat @uat-step-4
  Scenario Outline: Regions that were split agree after the heal
    Given <partition>
    And these signals were sent:
      | region   | user | signal | item    | number | happened at |
      | us-east  | ana  | view   | song    | 8      | 00:00:01    |
      | eu-west  | ana  | view   | song    | 4      | 00:00:01    |
      | ap-south | ben  | view   | song    | 2      | 00:00:01    |
      | ap-south | ben  | like   | article | 6      | 00:00:01    |
    And 2 seconds have passed
    When the partition heals
    Then within 2 seconds the regions agree
    And within 2 seconds the regions have counted:
      | region   | signal | item    | number | score at 06:00:01 |
      | us-east  | view   | song    | 14     | 7.000000          |
      | eu-west  | view   | song    | 14     | 7.000000          |
      | ap-south | view   | song    | 14     | 7.000000          |
      | us-east  | like   | article | 6      | 5.045378          |
      | eu-west  | like   | article | 6      | 5.045378          |
      | ap-south | like   | article | 6      | 5.045378          |
    And nothing acknowledged is lost and nothing is counted twice

    Examples:
      | partition                                                    |
      | us-east is cut off from every other region                   |
      | eu-west is cut off from every other region                   |
      | ap-south is cut off from every other region                  |
      | us-east and eu-west and ap-south are cut off from each other |
      | us-east and eu-west are cut off from each other              |
      | eu-west and ap-south are cut off from each other             |
      | us-east and ap-south are cut off from each other             |
