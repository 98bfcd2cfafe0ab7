Feature: The query language
  RETRIEVE asks for items, best first. Clauses may come in any order and keywords in any case; each clause comes once.
  Without clauses it gives the 20 items that trend most among everyone, of every region.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item | home     | topic  | wiki |
      | a    | us-east  | sports | en   |
      | b    | eu-west  | sports | fr   |
      | c    | ap-south | music  | ja   |
      | d    | us-east  | music  | en   |
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
        | Top of the last 24 hours                         | RETRIEVE items USING PROFILE top WINDOW 24h        | a, b, c, d |
        | Top of the last 7 days                           | RETRIEVE items USING PROFILE top WINDOW 7d         | a, b, c, d |
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
        | Only what the asking region holds, by itself     | RETRIEVE items READ local LIMIT 1              | a     |

      Examples: How it may be written
        | what                                             | query                                              | items |
        | Keywords in any case                             | retrieve ITEMS limit 2                             | a, b  |
        | Clauses in any order                             | RETRIEVE items LIMIT 1 FILTER wiki:en COHORT locale:NA | d |

  Rule: 2. Equal scores are ordered by item, and items of score 0 are not listed

    Scenario: Two items of equal score
      Given "ana" has sent 1 "view" signals for "b" in us-east
      When us-east is asked as of 00:00:01 "RETRIEVE items USING PROFILE top LIMIT 3"
      Then the answer lists "d, a, b"

    Scenario: A signal type of weight 0 ranks nothing
      When us-east is asked as of 00:00:01 "RETRIEVE items COHORT locale:NA USING PROFILE top WINDOW 1h"
      Then the answer lists:
        | item | score    |
        | c    | 3.000000 |
        | d    | 2.000000 |

  Rule: 3. A query that is wrong is refused with a caret under the fault

    Scenario: A clause is misspelt
      When us-east is asked "RETRIEVE items LIMT 5"
      Then the query is refused:
        """
        RETRIEVE items LIMT 5
                       ^
        """

    Scenario: A number is missing
      When us-east is asked "RETRIEVE items LIMIT many"
      Then the query is refused:
        """
        RETRIEVE items LIMIT many
                             ^
        """

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

    Scenario Outline: What cannot be carried out yet is refused by name
      When us-east is asked "<query>"
      Then the query is refused because of "<clause>"

      Examples:
        | clause     | query                                        |
        | FOR USER   | RETRIEVE items FOR USER @ana                 |
        | FILTER unseen    | RETRIEVE items FILTER unseen                 |
        | FILTER unblocked | RETRIEVE items FILTER unblocked              |
        | DIVERSITY  | RETRIEVE items DIVERSITY max_per_creator:2   |
        | CURSOR     | RETRIEVE items CURSOR abc                    |
        | EXPLAIN    | EXPLAIN RETRIEVE items                       |
