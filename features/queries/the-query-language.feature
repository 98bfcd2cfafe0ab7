Feature: The query language
  RETRIEVE asks for items, best first. Clauses may come in any order and keywords in any case; each clause comes once.
  Without clauses it gives the 20 items that trend most among everyone, of every region.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item | home     | topic  | wiki | creator |
      | a    | us-east  | sports | en   | mia     |
      | b    | eu-west  | sports | fr   | mia     |
      | c    | ap-south | music  | ja   | noa     |
      | d    | us-east  | music  | en   | mia     |
    And these users:
      | user | locale |
      | ana  | EU     |
      | ben  | NA     |
    And these signals were accepted:
      | region   | user | signal | item | number | happened at              |
      | us-east  | ana  | view   | a    | 4      | 00:00:01                 |
      | eu-west  | ana  | view   | b    | 3      | 00:00:01                 |
      | ap-south | ben  | like   | c    | 1      | 00:00:01                 |
      | us-east  | ben  | view   | d    | 5      | 00:00:01 ten days before |
      | us-east  | ben  | view   | d    | 2      | 00:00:01                 |
      | us-east  | ben  | skip   | d    | 9      | 00:00:01                 |

  Rule: 1. Each clause says one thing about the answer

    Scenario Outline: One clause at a time
      When us-east is asked as of 00:00:01 "<query>"
      Then the answer lists "<items>"

      Examples: Who counts
        | what                                             | query                                 | items      |
        | Everyone counts by default                       | RETRIEVE items                        | a, b, c, d |
        | A cohort's signals alone                         | RETRIEVE items COHORT locale:EU       | a, b       |
        | Another cohort                                   | RETRIEVE items COHORT locale:NA       | c, d       |
        | A cohort that nobody is in                       | RETRIEVE items COHORT locale:MEA      |            |

      Examples: By what items are ranked
        | what                                             | query                                              | items      |
        | Trending by decay score and weight               | RETRIEVE items USING PROFILE trending              | a, b, c, d |
        | Top by count of all time                         | RETRIEVE items USING PROFILE top                   | d, a, b, c |
        | Top of the last hour in a cohort                 | RETRIEVE items USING PROFILE top WINDOW 1h COHORT locale:NA | c, d |
        | The newest item first                            | RETRIEVE items USING PROFILE new                   | d, c, b, a |

      Examples: Which items are left
        | what                                             | query                                          | items |
        | Items with an attribute                          | RETRIEVE items FILTER topic:sports             | a, b  |
        | Items with several attributes                    | RETRIEVE items FILTER topic:music, wiki:en     | d     |
        | Items with an attribute that none has            | RETRIEVE items FILTER topic:chess              |       |
        | Items excluded by name                           | RETRIEVE items EXCLUDE [@a, @c]                | b, d  |
        | An empty list excludes nothing                   | RETRIEVE items EXCLUDE []                      | a, b, c, d |
        | At most so many items                            | RETRIEVE items LIMIT 2                         | a, b  |

      Examples: How it may be written
        | what                                             | query                                              | items |
        | Keywords in any case                             | retrieve ITEMS limit 2                             | a, b  |
        | Clauses in any order                             | RETRIEVE items LIMIT 1 FILTER wiki:en COHORT locale:NA | d |

    Scenario Outline: Each window counts its own time
      Given these signals were accepted:
        | region  | user | signal | item | number | happened at                |
        | us-east | ben  | view   | c    | 4      | 18:00:01 the day before    |
        | us-east | ben  | view   | b    | 4      | 00:00:01 three days before |
      When us-east is asked as of 00:00:01 "RETRIEVE items USING PROFILE top WINDOW <window>"
      Then the answer lists "<items>"

      Examples:
        | window | items      |
        | 1h     | a, b, c, d |
        | 24h    | c, a, b, d |
        | 7d     | b, c, a, d |
        | all    | b, c, d, a |

    Scenario: 20 items are given when no limit is
      Given these items:
        | item | home    | topic     |
        | e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y | us-east | generated |
      And these signals were accepted:
        | region  | user | signal | item | number | happened at |
        | us-east | ana  | view   | e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y | 1      | 00:00:01    |
      When us-east is asked "RETRIEVE items USING PROFILE top FILTER topic:generated"
      Then the answer lists "e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x"

  Rule: 2. Equal scores are ordered by item, and items of score 0 are not listed

    Scenario: Two items of equal score
      Given "ana" has sent 1 "view" signals for "b" in us-east
      When us-east is asked as of 00:00:01 "RETRIEVE items USING PROFILE top LIMIT 3"
      Then the answer lists "d, a, b"

    Scenario: A signal type of weight 0 ranks nothing
      Given "ben" has sent 9 "skip" signals for "a" in us-east
      When us-east is asked as of 00:00:01 "RETRIEVE items COHORT locale:NA USING PROFILE top WINDOW 1h"
      Then the answer lists:
        | item | score    |
        | c    | 3.000000 |
        | d    | 2.000000 |

  Rule: 3. DIVERSITY bounds the items of one creator, over all shards and regions

    Scenario Outline: At most so many of each creator
      When us-east is asked as of 00:00:01 "<query>"
      Then the answer lists "<items>"

      Examples:
        | what                                            | query                                                   | items      |
        | The best of each creator                        | RETRIEVE items DIVERSITY max_per_creator:1              | a, c       |
        | The two best of each creator                    | RETRIEVE items DIVERSITY max_per_creator:2              | a, b, c    |
        | More than anybody has made                      | RETRIEVE items DIVERSITY max_per_creator:3              | a, b, c, d |
        | The limit counts what is listed                 | RETRIEVE items DIVERSITY max_per_creator:1 LIMIT 2      | a, c       |
        | An item that is not wanted takes nobody's place | RETRIEVE items DIVERSITY max_per_creator:1 EXCLUDE [@a] | b, c       |

    Scenario: Items without a creator are not bounded
      Given these items:
        | item | home    | topic     |
        | e, f, g, h | us-east | generated |
      And these signals were accepted:
        | region  | user | signal | item | number | happened at |
        | us-east | ana  | view   | e, f, g, h | 1      | 00:00:01    |
      When us-east is asked "RETRIEVE items USING PROFILE top FILTER topic:generated DIVERSITY max_per_creator:1"
      Then the answer lists "e, f, g, h"

  Rule: 4. A full page has a cursor, with which the same query goes on where the page ended

    Scenario: The next page
      Given us-east was asked as of 00:00:01 "RETRIEVE items USING PROFILE top LIMIT 2"
      When us-east is asked "RETRIEVE items USING PROFILE top LIMIT 2" with the cursor of the answer
      Then the answer lists "b, c"
      And the answer has no cursor

    Scenario: Scores do not move from page to page, though time passes
      Given us-east was asked as of 00:00:01 "RETRIEVE items LIMIT 2"
      And 60 seconds have passed
      When us-east is asked "RETRIEVE items LIMIT 2" with the cursor of the answer
      Then the answer lists:
        | item | score    |
        | c    | 3.000000 |
        | d    | 2.000000 |

    Scenario: What happens between two pages is listed only if its rank lies behind the first
      Given us-east was asked as of 00:00:01 "RETRIEVE items USING PROFILE top LIMIT 2"
      And "ana" has sent 9 "view" signals for "c" in us-east
      When us-east is asked "RETRIEVE items USING PROFILE top LIMIT 2" with the cursor of the answer
      Then the answer lists "b"

    Scenario: Another region goes on, with pages of another length
      Given us-east was asked as of 00:00:01 "RETRIEVE items LIMIT 1"
      When eu-west is asked "RETRIEVE items LIMIT 5" with the cursor of the answer
      Then the answer lists "b, c, d"

    Scenario: The last page has no cursor, even if it is full
      When us-east is asked "RETRIEVE items LIMIT 4"
      Then the answer has no cursor

    Scenario: A cursor is of no use to another query
      Given us-east was asked as of 00:00:01 "RETRIEVE items LIMIT 2"
      When us-east is asked "RETRIEVE items COHORT locale:EU LIMIT 2" with the cursor of the answer
      Then it is refused: "expected the query that it came from, of the same tenant; LIMIT alone may change"

    Scenario: A cursor is of no use to another user
      Given us-east was asked as of 00:00:01 "RETRIEVE items FOR USER @ana LIMIT 2"
      When us-east is asked "RETRIEVE items FOR USER @ben LIMIT 2" with the cursor of the answer
      Then it is refused: "expected the query that it came from, of the same tenant; LIMIT alone may change"

    Scenario: What is no cursor is refused
      When us-east is asked "RETRIEVE items CURSOR abc LIMIT 2"
      Then the query is refused:
        """
        RETRIEVE items CURSOR abc LIMIT 2
                       ^
        """
      And it is refused: "expected a cursor as an earlier answer gave it"

    Scenario: Creators are bounded on one page only
      Given us-east was asked as of 00:00:01 "RETRIEVE items LIMIT 1"
      When us-east is asked "RETRIEVE items DIVERSITY max_per_creator:1 LIMIT 1" with the cursor of the answer
      Then it is refused: "expected one of the two: a cursor does not know the creators of the pages before"

  Rule: 5. EXPLAIN tells how a query would be answered, and asks no shard

    Scenario: The shortest query
      When us-east is asked as of 00:00:01 "EXPLAIN RETRIEVE items"
      Then the answer lists nothing but explains:
        """
        profile    trending: sum of weight x decay score
                   view: weight 1, half-life 6 h
                   like: weight 3, half-life 24 h
        scope      everyone
        window     none
        filters    none
        excluded   none
        diversity  no bound
        limit      20 items
        read time  2015-09-12T00:00:01.000Z
        read       home: every region, for the items at home there
        asks       5 shards of us-east, 5 shards of eu-west, 5 shards of ap-south
        routing    version 1
        merge      higher score first, equal scores by item, each item once
        """

    Scenario: A query with many clauses
      When us-east is asked as of 00:00:01 "EXPLAIN RETRIEVE items COHORT locale:EU USING PROFILE top WINDOW 24h FILTER topic:sports, wiki:en EXCLUDE [@d, @c] DIVERSITY max_per_creator:2 READ local LIMIT 5"
      Then the answer lists nothing but explains:
        """
        profile    top: sum of weight x count
                   view: weight 1
                   like: weight 3
        scope      users whose locale is EU
        window     24h
        filters    topic:sports, wiki:en
        excluded   c, d
        diversity  at most 2 items of one creator
        limit      5 items
        read time  2015-09-12T00:00:01.000Z
        read       local: this region alone, for all items
        asks       5 shards of us-east
        routing    version 1
        merge      higher score first, equal scores by item, each item once
                   the bound on creators holds in each shard and again over all
        """

    Scenario: A query for a user
      When us-east is asked as of 00:00:01 "EXPLAIN RETRIEVE items FOR USER @ana FILTER unseen, unblocked, topic:sports"
      Then the answer lists nothing but explains:
        """
        for user   ana
        hides      read first, in every region; what this user hides is left out by each shard and again of the merged list
                   a region without them lists no item; without those of this region no item is listed
        profile    trending: sum of weight x decay score
                   view: weight 1, half-life 6 h
                   like: weight 3, half-life 24 h
        scope      everyone
        window     none
        filters    unseen, topic:sports
        excluded   none
        diversity  no bound
        limit      20 items
        read time  2015-09-12T00:00:01.000Z
        read       home: every region, for the items at home there
        asks       5 shards of us-east, 5 shards of eu-west, 5 shards of ap-south
        routing    version 1
        merge      higher score first, equal scores by item, each item once
        """

    Scenario: A query that would be refused is not explained
      When us-east is asked "EXPLAIN RETRIEVE items COHORT planet:mars"
      Then it is refused: "expected locale"

  Rule: 6. A query that is wrong is refused with a caret under the fault

    Scenario: A clause is misspelt
      When us-east is asked "RETRIEVE items LIMT 5"
      Then the query is refused:
        """
        RETRIEVE items LIMT 5
                       ^
        """

    Scenario: The limit is not a number
      When us-east is asked "RETRIEVE items LIMIT many"
      Then the query is refused:
        """
        RETRIEVE items LIMIT many
                             ^
        """
      And it is refused: "expected a whole number from 1 to 1,000"

    Scenario Outline: What the caret cannot say the words do
      When us-east is asked "<query>"
      Then it is refused: "expected <expected>"

      Examples:
        | query                              | expected                       |
        | RETRIEVE items LIMIT 0             | a whole number from 1 to 1,000 |
        | RETRIEVE items LIMIT 1001          | a whole number from 1 to 1,000 |
        | RETRIEVE items USING PROFILE best  | trending, top or new           |
        | RETRIEVE items EXCLUDE [@a         | a comma or ]                   |
        | RETRIEVE items COHORT planet:mars  | locale                         |

    Scenario: A clause comes twice
      When us-east is asked "RETRIEVE items LIMIT 5 LIMIT 6"
      Then the query is refused:
        """
        RETRIEVE items LIMIT 5 LIMIT 6
                               ^
        """

    Scenario: A window without the profile that counts in windows
      When us-east is asked "RETRIEVE items WINDOW 24h"
      Then the query is refused:
        """
        RETRIEVE items WINDOW 24h
                       ^
        """

    Scenario: A cohort that the schema does not have
      When us-east is asked "RETRIEVE items COHORT planet:mars"
      Then the query is refused:
        """
        RETRIEVE items COHORT planet:mars
                              ^
        """

    Scenario Outline: What concerns a user needs to be told which
      When us-east is asked "<query>"
      Then it is refused: "expected FOR USER @id, to say by whom"

      Examples:
        | query                           |
        | RETRIEVE items FILTER unseen    |
        | RETRIEVE items FILTER unblocked |
