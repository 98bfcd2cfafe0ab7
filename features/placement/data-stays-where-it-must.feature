Feature: Data stays where it must
  A tenant may say in which regions its data is allowed. Its users are everywhere all the same: whoever writes or reads in a region
  that must not hold the data is served by one that may, and notices nothing but the longer way. Nothing that fails makes a byte come
  to rest anywhere else, and nobody can order it to.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 2 shards and 3 replicas each
    And these tenants:
      | tenant | regions                          | allowed in          | half-lives          |
      | clinic | eu-west                          | eu-west             | view 6 h, like 24 h |
      | bank   | us-east and eu-west              | us-east and eu-west | view 6 h            |
      | shop   | us-east and eu-west and ap-south |                     | view 6 h            |
    And the clients are those of "clinic"
    And these items:
      | item   | home    | topic |
      | asthma | eu-west | lungs |
      | cough  | eu-west | lungs |

  Rule: 1. Whoever is elsewhere writes and reads all the same, and no byte stays there

    Scenario: Signals are accepted everywhere, and kept where they may be
      When these signals are accepted:
        | region   | user | signal | item   | number | happened at |
        | us-east  | ana  | view   | asthma | 3      | 00:00:01    |
        | eu-west  | ben  | view   | asthma | 1      | 00:00:01    |
        | ap-south | cleo | like   | cough  | 2      | 00:00:01    |
      Then within 2 seconds the regions have counted:
        | tenant | region  | signal | item   | number |
        | clinic | eu-west | view   | asthma | 4      |
        | clinic | eu-west | like   | cough  | 2      |
      And no disk in us-east holds a byte of "clinic"
      And no disk in ap-south holds a byte of "clinic"

    Scenario Outline: Every region answers in full
      Given these signals were accepted:
        | region   | user | signal | item   | number | happened at |
        | us-east  | ana  | view   | asthma | 4      | 00:00:01    |
        | ap-south | cleo | view   | cough  | 2      | 00:00:01    |
      When <region> is asked as of 06:00:01 "RETRIEVE items FILTER topic:lungs <read>"
      Then the answer is whole
      And the answer lists:
        | item   | score    |
        | asthma | 2.000000 |
        | cough  | 1.000000 |

      Examples:
        | region   | read       |
        | us-east  |            |
        | us-east  | READ local |
        | ap-south |            |
        | eu-west  |            |

    Scenario: What a user hides in one region stays hidden in every other
      Given these signals were accepted:
        | region  | user | signal | item   | number | happened at |
        | us-east | ana  | view   | asthma | 1      | 00:00:01    |
        | us-east | ana  | view   | cough  | 1      | 00:00:01    |
      When "ana" hides "cough" in ap-south
      Then "ana" is shown:
        | tenant | region   | items  |
        | clinic | us-east  | asthma |
        | clinic | eu-west  | asthma |
        | clinic | ap-south | asthma |

    Scenario: A signal that is sent again by way of other regions counts once
      Given these signals were accepted:
        | region  | user | signal | item   | number | happened at |
        | us-east | ana  | view   | asthma | 1      | 00:00:01    |
      When the last signal is sent again in ap-south and eu-west and us-east
      Then it is acknowledged
      And within 2 seconds the regions have counted:
        | tenant | region  | signal | item   | number |
        | clinic | eu-west | view   | asthma | 1      |

    Scenario: The plan says who answers for whom
      When us-east is asked as of 06:00:00 "EXPLAIN RETRIEVE items"
      Then the answer lists nothing but explains:
        """
        profile    trending: sum of weight x decay score
                   view: weight 1, half-life 6 h
                   like: weight 1, half-life 24 h
        scope      everyone
        window     none
        filters    none
        excluded   none
        diversity  no bound
        limit      20 items
        read time  2015-09-12T06:00:00.000Z
        read       home: every region, for the items at home there
        asks       2 shards of eu-west
        routing    version 3
                   eu-west answers for the items at home in us-east
                   eu-west answers for the items at home in ap-south
        merge      higher score first, equal scores by item, each item once
        """

  Rule: 2. A region that cannot be reached is stood in for by another that is allowed, and by no other

    Scenario: The next allowed region takes the writes and answers the reads
      Given the clients are those of "bank"
      And us-east and ap-south are cut off from each other
      When "ana" sends 5 "view" signals for "loan" in ap-south
      Then every signal was acknowledged at the first try
      And within 2 seconds the regions have counted:
        | tenant | region  | signal | item | number |
        | bank   | us-east | view   | loan | 5      |
        | bank   | eu-west | view   | loan | 5      |
      And no disk in ap-south holds a byte of "bank"

    Scenario: Where no allowed region can be reached writes are refused, and kept nowhere
      Given these signals were accepted:
        | region  | user | signal | item   | number | happened at |
        | us-east | ana  | view   | asthma | 1      | 00:00:01    |
      And eu-west is cut off from every other region
      When "ana" sends a "view" signal for "asthma" in us-east
      Then it is refused, because the shard of the user does not answer
      And no disk in us-east holds a byte of "clinic"

  Rule: 3. Nothing that fails makes the data leave

    Scenario Outline: Crashes and partitions while everybody writes
      Given the clients are those of "<tenant>"
      And <fault>
      When "ana" sends 20 "view" signals for "asthma" in <region>, retrying what is not acknowledged
      And the partition heals
      And the crashed replica comes back
      Then within 5 seconds the regions have counted:
        | tenant   | region  | signal | item   | number |
        | <tenant> | eu-west | view   | asthma | 20     |
      And no disk in ap-south holds a byte of "<tenant>"
      And nothing acknowledged is lost and nothing is counted twice

      Examples:
        | tenant | region   | fault                                                                              |
        | clinic | us-east  | the primary of the shard of "asthma" in eu-west has crashed                        |
        | clinic | ap-south | the primary of the shard of "asthma" in eu-west has crashed and lost its disk      |
        | bank   | ap-south | us-east and eu-west are cut off from each other                                    |
        | bank   | us-east  | us-east is cut off from every other region                                         |
        | bank   | ap-south | 20% of the messages between us-east and ap-south are lost and 20% arrive twice     |

    Scenario: A region that comes back serves nothing before it has heard where the data may be
      Given the clients are those of "shop"
      And these signals were accepted:
        | region  | user | signal | item | number | happened at |
        | us-east | ana  | view   | song | 1      | 00:00:01    |
      And us-east is cut off from every other region
      And everything in us-east has crashed, to be back in 1 second
      And 3 seconds have passed
      When "ana" sends a "view" signal for "song" in us-east
      Then it is refused, because the shard of the user does not answer

    Scenario: It serves again as soon as it has heard it from another region
      Given us-east is cut off from every other region
      And everything in us-east has crashed, to be back in 1 second
      And the partition has healed
      And 3 seconds have passed
      When "ana" sends 3 "view" signals for "asthma" in us-east
      Then within 2 seconds the regions have counted:
        | tenant | region  | signal | item   | number |
        | clinic | eu-west | view   | asthma | 3      |
      And no disk in us-east holds a byte of "clinic"

    Scenario: What arrives after its tenant has gone is not taken in
      Given the clients are those of "bank"
      And log data from us-east to eu-west is held up for 12 seconds
      And "ana" has sent 5 "view" signals for "loan" in us-east
      And "bank" has been moved to us-east
      And within 10 seconds it had come to us-east and left no byte anywhere else
      And 5 seconds have passed
      When "ana" sends 5 "view" signals for "loan" in eu-west
      Then every signal was acknowledged at the first try
      And no disk in eu-west holds a byte of "bank"

  Rule: 4. What must not be cannot be ordered

    Scenario Outline: A tenant that could not be is refused with the reason
      When these tenants are ordered:
        | tenant | copies   | allowed in | pinned to |
        | lab    | <copies> | <allowed>  | <pins>    |
      Then it is refused: "<reason>"

      Examples:
        | copies | allowed             | pins    | reason                                                                 |
        | 3      | us-east and eu-west |         | The tenant 'lab' is to be in 3 regions, and is allowed in 2.           |
        | 1      | eu-west             | us-east | The tenant 'lab' may not be in us-east: its residency allows eu-west.  |
        | 1      | atlantis            |         | There is no region 'atlantis'; the regions are us-east, eu-west, ap-south. |
        | 0      | eu-west             |         | The tenant 'lab' is to be in 0 regions: one at least.                  |

    Scenario Outline: A move that could not be is refused with the reason
      When "clinic" is moved to <regions>
      Then it is refused: "<reason>"

      Examples:
        | regions             | reason                                                                     |
        | us-east             | The tenant 'clinic' may not be in us-east: its residency allows eu-west.   |
        | us-east and eu-west | The tenant 'clinic' may not be in us-east: its residency allows eu-west.   |
        | atlantis            | There is no region 'atlantis'; the regions are us-east, eu-west, ap-south. |
        | no region           | The tenant 'clinic' is wanted in no region.                                |
