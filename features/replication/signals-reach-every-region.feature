Feature: Signals reach every region
  A signal counts at once in the region that accepts it, and within two seconds in every other one.
  It counts there exactly as it counts here: the same number, and the same decay score to the last bit.
  A view counts half after 6 hours, a like after 24.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home     |
      | song    | us-east  |
      | article | eu-west  |
      | film    | ap-south |

  Rule: 1. What one region accepts every other region has within two seconds

    @uat @uat-step-1
    Scenario: A user's signals accepted in us-east are read in eu-west
      When "ana" sends 20 "view" signals for "song" in us-east
      Then within 2 seconds eu-west has counted 20 "view" signals for "song"
      And within 2 seconds the regions are behind each other by:
        | from    | to      | batches |
        | us-east | eu-west | 0       |
      And the decay score of "song" for "view" is the same in us-east and eu-west, to the bit

    Scenario Outline: Signals travel between any two regions
      When "ana" sends 3 "view" signals for "song" in <from>
      Then within 2 seconds <to> has counted 3 "view" signals for "song"
      And the decay score of "song" for "view" is the same in <from> and <to>, to the bit

      Examples:
        | from     | to       |
        | us-east  | ap-south |
        | eu-west  | us-east  |
        | eu-west  | ap-south |
        | ap-south | us-east  |
        | ap-south | eu-west  |

    Scenario: Signals of several types are counted apart, each with its own half-life
      When these signals are accepted:
        | region  | user | signal | item | number | happened at |
        | us-east | ana  | view   | song | 8      | 00:00:01    |
        | us-east | ben  | like   | song | 4      | 00:00:01    |
      Then within 2 seconds the regions have counted:
        | region   | signal | item | number | score at 24:00:01 |
        | us-east  | view   | song | 8      | 0.500000          |
        | us-east  | like   | song | 4      | 2.000000          |
        | eu-west  | view   | song | 8      | 0.500000          |
        | eu-west  | like   | song | 4      | 2.000000          |
        | ap-south | view   | song | 8      | 0.500000          |
        | ap-south | like   | song | 4      | 2.000000          |

  Rule: 2. Every region takes writes, and all of them add up

    Scenario: Two regions take signals for the same item at the same time
      When these signals are accepted:
        | region  | user | signal | item    | number | happened at |
        | us-east | ana  | view   | article | 10     | 00:00:01    |
        | eu-west | ben  | view   | article | 6      | 00:00:01    |
      Then within 2 seconds the regions have counted:
        | region   | signal | item    | number | score at 06:00:01 |
        | us-east  | view   | article | 16     | 8.000000          |
        | eu-west  | view   | article | 16     | 8.000000          |
        | ap-south | view   | article | 16     | 8.000000          |

    Scenario: The same user's signals from two regions are all counted
      When these signals are accepted:
        | region   | user | signal | item | number | happened at |
        | us-east  | ana  | view   | film | 5      | 00:00:01    |
        | ap-south | ana  | view   | film | 5      | 00:00:02    |
      Then within 2 seconds eu-west has counted 10 "view" signals for "film"
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 3. A signal counts by when it happened, not by when it arrived

    Scenario: A late signal is worth what it would have been worth in time
      When these signals are accepted:
        | region  | user | signal | item | number | happened at             |
        | us-east | ana  | view   | song | 4      | 00:00:01                |
        | us-east | ben  | view   | song | 4      | 18:00:01 the day before |
      Then within 2 seconds the regions have counted:
        | region   | signal | item | number | score at 06:00:01 |
        | us-east  | view   | song | 8      | 3.000000          |
        | eu-west  | view   | song | 8      | 3.000000          |
        | ap-south | view   | song | 8      | 3.000000          |

    Scenario: Signals from ten days ago count for all time, and little today
      When these signals are accepted:
        | region  | user | signal | item | number | happened at              |
        | eu-west | ana  | like   | song | 1024   | 00:00:01 ten days before |
      Then within 2 seconds the regions have counted:
        | region   | signal | item | number | score at 00:00:01 |
        | us-east  | like   | song | 1024   | 1.000000          |
        | eu-west  | like   | song | 1024   | 1.000000          |
        | ap-south | like   | song | 1024   | 1.000000          |

    Scenario: A clock that is four minutes ahead is tolerated
      When "ana" sends a "view" signal for "song" in us-east that happens in 4 minutes
      Then it is acknowledged
      And within 2 seconds eu-west has counted 1 "view" signals for "song"

    Scenario: A signal from the future is refused
      When "ana" sends a "view" signal for "song" in us-east that happens in 6 minutes
      Then it is refused, because it happens more than 5 minutes ahead
      And us-east has counted 0 "view" signals for "song"

  Rule: 4. A bad link makes signals late, never lost and never double

    Scenario: A third of all messages between two regions is lost
      Given ap-south is cut off from every other region
      And 33% of the messages between us-east and eu-west are lost and 20% arrive twice
      When "ana" sends 200 "view" signals for "song" in us-east
      Then within 15 seconds eu-west has counted 200 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: The lag gauge says how far a region is behind while it cannot be reached
      Given ap-south is cut off from every other region
      And "ana" has sent 19 "view" signals for "song" in us-east
      And 5 seconds have passed
      When "ana" sends 1 "view" signals for "song" in us-east
      Then within 2 seconds the regions are behind each other by:
        | from    | to       | batches    | seconds    |
        | us-east | ap-south | at least 1 | at least 5 |
        | us-east | eu-west  | 0          |            |
      And ap-south has counted 0 "view" signals for "song"

    Scenario: A region that was cut off catches up
      Given ap-south is cut off from every other region
      And "ana" has sent 20 "view" signals for "song" in us-east
      When the partition heals
      Then within 2 seconds the regions are behind each other by:
        | from    | to       | batches |
        | us-east | ap-south | 0       |
      And within 2 seconds ap-south has counted 20 "view" signals for "song"

    Scenario: A region that cannot be reached directly gets its signals through a third one
      Given us-east and eu-west are cut off from each other
      When "ana" sends 20 "view" signals for "song" in us-east
      Then within 5 seconds eu-west has counted 20 "view" signals for "song"
      And the decay score of "song" for "view" is the same in us-east and eu-west, to the bit
