Feature: Answers while a region is cut off
  A query asks every region for the items at home there. A region that cannot be reached is left out of the answer,
  and the answer says so: it is degraded, never wrong and never an error.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home     |
      | song    | us-east  |
      | article | eu-west  |
      | recipe  | eu-west  |
      | film    | ap-south |
    And these users:
      | user | locale |
      | ana  | EU     |
      | ben  | NA     |
    And these signals were accepted:
      | region   | user | signal | item    | number | happened at |
      | eu-west  | ana  | view   | article | 5      | 00:00:01    |
      | us-east  | ana  | view   | song    | 4      | 00:00:01    |
      | ap-south | ana  | view   | film    | 3      | 00:00:01    |
      | eu-west  | ana  | view   | recipe  | 2      | 00:00:01    |
      | us-east  | ben  | view   | song    | 9      | 00:00:01    |

  Rule: 1. While every region can be reached the answer is whole

    Scenario: All regions answer
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is whole
      And the answer lists:
        | item    | score    |
        | article | 5.000000 |
        | song    | 4.000000 |
        | film    | 3.000000 |
        | recipe  | 2.000000 |

  Rule: 2. What cannot be reached is left out, and the answer says what is missing

    @uat @uat-step-3
    Scenario: A region is cut off
      Given ap-south is cut off from every other region
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is degraded: all 5 shards of ap-south are missing, because of no answer
      And the answer lists:
        | item    | score    |
        | article | 5.000000 |
        | song    | 4.000000 |
        | recipe  | 2.000000 |

    Scenario: The region that is cut off is asked
      Given ap-south is cut off from every other region
      When ap-south is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is degraded: all 5 shards of us-east and eu-west are missing, because of no answer
      And the answer lists:
        | item | score    |
        | film | 3.000000 |

    Scenario: A region hears the question, but its answer is lost
      Given messages from ap-south to us-east are lost
      When us-east is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is degraded: all 5 shards of ap-south are missing, because of no answer
      And the answer lists "article, song, recipe"

    Scenario: A region never hears the question
      Given messages from us-east to ap-south are lost
      When us-east is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is degraded: all 5 shards of ap-south are missing, because of no answer
      And the answer lists "article, song, recipe"

    Scenario: Only one direction between two other regions is lost
      Given messages from ap-south to us-east are lost
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is whole
      And the answer lists "article, song, film, recipe"

    Scenario: A whole shard of a region is down
      Given all replicas of the shard of "song" in us-east have crashed
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is degraded: the shard of "song" of us-east is missing, because of no answer
      And the answer lists "article, film, recipe"

    Scenario: A shard has no primary, so a follower answers and says how stale it is
      Given the primary and a follower of the shard of "song" in us-east have crashed
      And 5 seconds have passed
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is whole
      And the answer says that the shard of "song" in us-east is between 5 and 6 seconds stale
      And the answer lists:
        | item    | score    |
        | article | 5.000000 |
        | song    | 4.000000 |
        | film    | 3.000000 |
        | recipe  | 2.000000 |

  Rule: 3. A region can answer for itself alone, and says how stale it may be

    Scenario: READ local asks nobody else
      Given eu-west is cut off from every other region
      And "ana" has sent 9 "view" signals for "recipe" in us-east
      And 9 seconds have passed
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU READ local"
      Then the answer is whole
      And the answer says that it is between 10 and 11 seconds behind us-east
      And the answer lists:
        | item    | score    |
        | article | 5.000000 |
        | song    | 4.000000 |
        | film    | 3.000000 |
        | recipe  | 2.000000 |

    Scenario: A shard of the region itself is down
      Given all replicas of the shard of "song" in eu-west have crashed
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU READ local"
      Then the answer is degraded: the shard of "song" of eu-west is missing, because of no answer
      And the answer lists "article, film, recipe"

    Scenario: Without a partition READ local is hardly stale
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU READ local"
      Then the answer is whole
      And the answer says that it is between 0 and 2 seconds behind us-east

  Rule: 4. After the heal the answer is whole again

    @uat @uat-step-3
    Scenario: The partition heals
      Given ap-south is cut off from every other region
      And "ana" has sent 9 "view" signals for "recipe" in ap-south
      And the partition has healed
      And 2 seconds have passed
      When eu-west is asked as of 00:00:01 "RETRIEVE items COHORT locale:EU"
      Then the answer is whole
      And the answer lists "recipe, article, song, film"
