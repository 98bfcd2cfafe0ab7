Feature: Tenants do not meet
  Many tenants share the shards, the logs and the disks of one cluster. Each has items, users, sessions and things to count of its
  own, under whatever ids it likes. Nobody is ever shown, counted or refused anything because of what somebody else did, and
  whoever comes with what is another's is told so.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 2 shards and 3 replicas each
    And these tenants:
      | tenant | regions                          | half-lives            |
      | shop   | us-east and eu-west and ap-south | view 6 h, like 24 h   |
      | press  | us-east and eu-west              | quote 24 h, view 30 m |
    And the clients are those of "shop"
    And these items:
      | item | home    | topic |
      | song | us-east | rock  |
      | film | eu-west | rock  |
    And these signals were accepted:
      | region  | user | signal | item | number | happened at |
      | us-east | ana  | view   | song | 3      | 00:00:01    |
      | us-east | ana  | like   | film | 1      | 00:00:01    |
    And the clients are those of "press"
    And these items:
      | item | home    | topic    |
      | song | eu-west | politics |
      | film | us-east | politics |
    And these signals were accepted:
      | region  | user | signal | item | number | happened at |
      | eu-west | ana  | view   | song | 1      | 00:00:01    |
      | us-east | ana  | quote  | film | 2      | 00:00:01    |

  Rule: 1. Equal ids of two tenants are different things

    Scenario: Counts are each tenant's own
      When "ana" sends 4 "view" signals for "song" in us-east
      Then within 2 seconds the regions have counted:
        | tenant | region   | signal | item | number |
        | shop   | us-east  | view   | song | 3      |
        | shop   | ap-south | view   | song | 3      |
        | shop   | eu-west  | like   | film | 1      |
        | press  | us-east  | view   | song | 5      |
        | press  | eu-west  | view   | song | 5      |
        | press  | eu-west  | quote  | film | 2      |

    Scenario Outline: Lists, homes, attributes and half-lives are each tenant's own
      Given the clients are those of "<tenant>"
      When us-east is asked as of 00:30:01 "RETRIEVE items FILTER topic:<topic>"
      Then the answer is whole
      And the answer lists:
        | item     | score     |
        | <first>  | <highest> |
        | <second> | <lower>   |

      Examples:
        | tenant | topic    | first | highest  | second | lower    |
        | shop   | rock     | song  | 2.831623 | film   | 0.985663 |
        | press  | politics | film  | 1.971326 | song   | 0.500000 |

    Scenario: What a user has hidden from one tenant another still shows
      When "ana" hides "song" in us-east
      Then "ana" is shown:
        | tenant | region  | items      |
        | press  | us-east | film       |
        | press  | eu-west | film       |
        | shop   | us-east | song, film |
        | shop   | eu-west | song, film |

    Scenario: A retry is known in its own tenant, whatever others have written meanwhile
      Given the last signal has been sent again in us-east and eu-west
      And the clients are those of "shop"
      When "ana" sends 2 "view" signals for "song" in us-east
      Then within 2 seconds the regions have counted:
        | tenant | region  | signal | item | number |
        | shop   | eu-west | view   | song | 5      |
        | press  | eu-west | quote  | film | 2      |

    Scenario: A plan shows one tenant's schema
      When us-east is asked "EXPLAIN RETRIEVE items COHORT locale:EU"
      Then it is refused: "expected no COHORT: this schema has none"

  Rule: 2. What is another tenant's is of no use to anybody else

    Scenario: A cursor goes on in its own tenant's answer only
      Given the clients are those of "shop"
      And us-east was asked as of 00:30:01 "RETRIEVE items LIMIT 1"
      And the clients are those of "press"
      When us-east is asked "RETRIEVE items LIMIT 1" with the cursor of the answer
      Then it is refused: "expected the query that it came from, of the same tenant; LIMIT alone may change"

    Scenario: A write under the id of another tenant's operation is refused, and is taken for no copy of anything
      Given the clients are those of "shop"
      When the last signal is sent again in us-east and eu-west
      Then it is refused, because its session is another tenant's
      And within 2 seconds the regions have counted:
        | tenant | region  | signal | item | number |
        | shop   | us-east | like   | film | 1      |
        | press  | us-east | quote  | film | 2      |

    Scenario: What another tenant has written cannot be taken back
      Given the clients are those of "shop"
      When the last signal is taken back in us-east and eu-west
      Then it is refused, because its session is another tenant's
      And within 2 seconds the regions have counted:
        | tenant | region  | signal | item | number |
        | press  | eu-west | quote  | film | 2      |

    Scenario: What a session has seen of one tenant lets it wait for no other
      Given the clients are those of "shop"
      And us-east is cut off from every other region
      And "dora" has hidden "film" in us-east
      And the clients are those of "press"
      When "dora" asks "RETRIEVE items FOR USER @dora READ local" in eu-west, ready to be refused
      Then the answer is whole
      And the answer lists "film, song"

  Rule: 3. A region that is no member holds nothing of a tenant

    Scenario: Neither logs nor snapshots nor checkpoints
      When "ana" sends 200 "view" signals for "a thing that press alone speaks of" in us-east
      Then within 2 seconds the regions have counted:
        | tenant | region  | signal | item                               | number |
        | press  | eu-west | view   | a thing that press alone speaks of | 200    |
      And no disk in ap-south holds a byte of "press"

    Scenario: Each tenant's part is whole by itself after crashes and partitions
      Given us-east and eu-west are cut off from each other
      And the primary of the shard of "song" in us-east has crashed and lost its disk
      When "ana" sends 20 "view" signals for "song" in us-east, retrying what is not acknowledged
      And the partition heals
      And the crashed replica comes back
      Then within 5 seconds the regions have counted:
        | tenant | region  | signal | item | number |
        | press  | eu-west | view   | song | 21     |
        | shop   | eu-west | view   | song | 3      |
      And nothing acknowledged is lost and nothing is counted twice
