Feature: A noisy neighbour is held back
  A tenant may be given quotas: signals a second, items and users, bytes of log. Every region has a share of them and needs to
  ask no other. Whoever wants more is told of what, how much there is, and when to come again; nobody else notices.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 1 shards and 3 replicas each
    And these tenants:
      | tenant | regions                          | half-lives | signals a second | items and users | bytes |
      | noisy  | us-east and eu-west and ap-south | view 6 h   | 300              | 6               |       |
      | diary  | us-east and eu-west and ap-south | view 6 h   |                  |                 | 6000  |
      | quiet  | us-east and eu-west and ap-south | view 6 h   |                  |                 |       |
    And the clients are those of "noisy"

  Rule: 1. Of signals that are too many so many are taken as the region's share says, and the others are told when to come again

    Scenario: Ten times the rate
      Given "ben" is sending 1000 "view" signals a second for "song" in us-east
      When 3 seconds pass
      Then of those sent in us-east 395 to 400 were acknowledged, and all others were told "100 signals a second are accepted here: there is room again in "

    Scenario: What was refused counts nowhere, and what one region has taken no other refuses
      Given "ben" is sending 1000 "view" signals a second for "song" in us-east
      And "eva" is sending 1000 "view" signals a second for "song" in eu-west
      When 2 seconds pass
      Then of those sent in us-east 295 to 300 were acknowledged, and all others were told "100 signals a second are accepted here: there is room again in "
      And of those sent in eu-west 295 to 300 were acknowledged, and all others were told "100 signals a second are accepted here: there is room again in "
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: Whoever waits as told is taken
      When "ben" sends 200 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 2 seconds
      And within 1 second eu-west has counted 200 "view" signals for "song"

    Scenario: Of many signals sent as one those are refused that are too many
      Given the clients send all that they have in one call
      When "ben" sends 200 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 2 seconds
      And within 1 seconds eu-west has counted 200 "view" signals for "song"

    Scenario: A retry of what was taken is told so, however noisy it is
      Given "ben" has sent 1 "view" signals for "song" in us-east
      And "eva" is sending 1000 "view" signals a second for "song" in us-east
      And 1 second has passed
      When the last signal is sent again in us-east
      Then it is acknowledged

    Scenario: A quota that is changed counts at once
      Given these tenants:
        | tenant | signals a second | items and users |
        | noisy  | 1500             | 6               |
      And 1 second has passed
      And "ben" is sending 1000 "view" signals a second for "song" in us-east
      When 2 seconds pass
      Then of those sent in us-east 1490 to 1500 were acknowledged, and all others were told "500 signals a second are accepted here: there is room again in "

  Rule: 2. Nobody else notices

    Scenario: Another tenant's signals are all taken, as fast as when it was alone
      Given the clients are those of "quiet"
      And "ana" has sent 500 "view" signals for "song" in us-east
      And the clients are those of "noisy"
      And "ben" is sending 3000 "view" signals a second for "song" in us-east
      And the clients are those of "quiet"
      When "ana" sends 500 "view" signals for "song" in us-east
      Then every signal was acknowledged as fast as those before, to 3 milliseconds
      And within 1 second eu-west has counted 1000 "view" signals for "song"

  Rule: 3. Items, users and bytes are taken up to the share of their shard, and what is there may go on

    Scenario: Items and users
      Given these items:
        | item | home    |
        | song | us-east |
        | film | us-east |
      When us-east is given the item "article"
      Then it is refused: "2 items and users are accepted in this shard here: waiting makes no room"

    Scenario: Another region has a share of its own
      Given these items:
        | item | home    |
        | song | us-east |
        | film | us-east |
      When eu-west is given the item "article"
      Then it is acknowledged

    Scenario: An item that is there may be written again
      Given these items:
        | item | home    |
        | song | us-east |
        | film | us-east |
      When us-east is given the item "film"
      Then it is acknowledged

    Scenario: A new primary counts what the old one has taken
      Given these items:
        | item | home    |
        | song | us-east |
        | film | us-east |
      And the primary of the shard of "song" in us-east has crashed and lost its disk
      When us-east is given the item "article"
      Then it is refused: "2 items and users are accepted in this shard here: waiting makes no room"

    Scenario: Bytes
      Given the clients are those of "diary"
      And "ben" is sending 100 "view" signals a second for "song" in us-east
      When 3 seconds pass
      Then of those sent in us-east 5 to 50 were acknowledged, and all others were told "2000 bytes are accepted in this shard here: waiting makes no room"
