Feature: Sessions follow the user
  A client carries a token of what its user's session has written and read. A user who changes region is never shown less
  than the session has seen: the region waits until it has caught up, or refuses, as the client chooses.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home     |
      | song    | us-east  |
      | article | eu-west  |
      | film    | ap-south |
    And these signals were accepted:
      | region  | user | signal | item    | number | happened at |
      | us-east | ben  | view   | song    | 3      | 00:00:01    |
      | us-east | ben  | view   | article | 2      | 00:00:01    |
      | us-east | ben  | view   | film    | 1      | 00:00:01    |

  Rule: 1. What a session has hidden no region shows it, whether the region has heard of it or not

    Scenario: The region that a user comes to has heard of the hide, or asks where it was made
      Given "ana" has hidden "article" in us-east
      When "ana" asks "RETRIEVE items FOR USER @ana" in ap-south, ready to be refused
      Then the answer is whole
      And the answer lists "song, film"

    Scenario Outline: The region cannot have heard of it
      Given us-east is cut off from every other region
      And "ana" has hidden "article" in us-east
      When "ana" asks "RETRIEVE items FOR USER @ana" in eu-west, ready to <do>
      Then the answer is degraded: all 5 shards of us-east and eu-west and ap-south are missing, because of the session
      And the answer lists ""

      Examples:
        | do         |
        | be refused |
        | wait       |

    Scenario: The region catches up while the user waits
      Given us-east is cut off from every other region
      And "ana" has hidden "article" in us-east
      And the partition heals in 100 milliseconds
      When "ana" asks "RETRIEVE items FOR USER @ana" in eu-west, ready to wait
      Then the answer is whole
      And the answer lists "song, film"

    Scenario: A third region has heard of it and tells
      Given us-east and eu-west are cut off from each other
      And "ana" has hidden "article" in us-east
      And 1 second has passed
      When "ana" asks "RETRIEVE items FOR USER @ana" in eu-west, ready to be refused
      Then the answer is degraded: all 5 shards of us-east are missing, because of the hides
      And the answer lists "film"

  Rule: 2. What a session was shown as hidden or shown again stays so for it

    Scenario: A user who was told of an undo is not taken back behind it
      Given "ana" has hidden "article" in us-east
      And 1 second has passed
      And us-east is cut off from every other region
      And "ana" has undone the hide of "article" in us-east
      When "ana" asks "RETRIEVE items FOR USER @ana" in eu-west, ready to be refused
      Then the answer is degraded: all 5 shards of us-east and eu-west and ap-south are missing, because of the session

  Rule: 3. A session reads its own signals, wherever it goes

    Scenario: A region that is behind tells no count rather than an old one
      Given us-east is cut off from every other region
      When "ana" sends 5 "view" signals for "song" in us-east
      Then "ana", ready to be refused, is told nothing of the "view" signals for "song" in eu-west
      And "ben", ready to be refused, is told 3 of the "view" signals for "song" in eu-west

    Scenario: It tells the count once it has caught up
      Given us-east is cut off from every other region
      And "ana" has sent 5 "view" signals for "song" in us-east
      When the partition heals
      Then "ana", ready to wait, is told 8 of the "view" signals for "song" in eu-west
