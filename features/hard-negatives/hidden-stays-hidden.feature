Feature: Hidden stays hidden
  A user hides, mutes or blocks an item or a creator, and is never shown it again until that is undone: not by another
  region that has heard of it, not by a replica that is behind, not by a primary that is none any more. Where it cannot be
  known what a user hides, nothing is listed, and the answer says so.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item    | home     | creator |
      | song    | us-east  | mia     |
      | article | eu-west  | noa     |
      | film    | ap-south | mia     |
      | recipe  | eu-west  | noa     |
    And these signals were accepted:
      | region  | user | signal | item    | number | happened at |
      | us-east | ben  | view   | song    | 4      | 00:00:01    |
      | us-east | ben  | view   | article | 3      | 00:00:01    |
      | us-east | ben  | view   | film    | 2      | 00:00:01    |
      | us-east | ben  | view   | recipe  | 1      | 00:00:01    |

  Rule: 1. What a user hides, mutes or blocks is not listed for that user, in no region and of no shard

    Scenario Outline: An item, or all that a creator has made
      When "ana" <does> "<target>" in us-east
      Then "ana" is shown:
        | region   | items   |
        | us-east  | <shown> |
        | eu-west  | <shown> |
        | ap-south | <shown> |
      And "ben" is shown:
        | region  | items                       |
        | eu-west | song, article, film, recipe |

      Examples:
        | does               | target  | shown                 |
        | hides              | song    | article, film, recipe |
        | mutes              | article | song, film, recipe    |
        | blocks             | film    | song, article, recipe |
        | hides the creator  | noa     | song, film            |
        | mutes the creator  | mia     | article, recipe       |
        | blocks the creator | mia     | article, recipe       |

    Scenario Outline: What is undone is listed again
      Given "ana" <has> "<target>" in us-east
      When "ana" <undoes> "<target>" in us-east
      Then "ana" is shown:
        | region   | items                       |
        | us-east  | song, article, film, recipe |
        | ap-south | song, article, film, recipe |

      Examples:
        | has                    | undoes                          | target |
        | has hidden             | undoes the hide of              | song   |
        | has muted              | undoes the mute of              | song   |
        | has blocked the creator | undoes the block of the creator | mia    |

    Scenario: Each way is undone on its own
      Given "ana" has hidden "song" in us-east
      And "ana" has muted "song" in us-east
      When "ana" undoes the hide of "song" in us-east
      Then "ana" is shown:
        | region  | items                 |
        | us-east | article, film, recipe |

    Scenario: Undoing the hide of an item shows nothing by a creator who is blocked
      Given "ana" has hidden "song" in us-east
      And "ana" has blocked the creator "mia" in eu-west
      When "ana" undoes the hide of "song" in us-east
      Then "ana" is shown:
        | region  | items           |
        | us-east | article, recipe |

  Rule: 2. A hidden item takes nobody's place

    Scenario Outline: The answer is as if the item were not there
      Given "ana" has hidden "song" in us-east
      When us-east is asked as of 00:00:01 "RETRIEVE items FOR USER @ana USING PROFILE top <clauses>"
      Then the answer is whole
      And the answer lists "<items>"

      Examples:
        | clauses                                 | items                 |
        | LIMIT 2                                 | article, film         |
        | DIVERSITY max_per_creator:1             | article, film         |
        | FILTER unblocked                        | article, film, recipe |
        | FILTER creator:mia                      | film                  |
        | EXCLUDE [@film]                         | article, recipe       |
        | READ local                              | article, film, recipe |

    Scenario: The next page goes on behind it
      Given "ana" has hidden "article" in us-east
      And us-east was asked as of 00:00:01 "RETRIEVE items FOR USER @ana LIMIT 2"
      When eu-west is asked "RETRIEVE items FOR USER @ana LIMIT 2" with the cursor of the answer
      Then the answer lists "recipe"

    Scenario: What a user has seen can be left out too
      Given "ana" has sent 1 "view" signals for "article" in eu-west
      And "ana" has sent 1 "like" signals for "film" in eu-west
      And 1 second has passed
      When us-east is asked "RETRIEVE items FOR USER @ana USING PROFILE top FILTER unseen"
      Then the answer lists "film, song, recipe"

  Rule: 3. Inside a region only a primary that its followers confirm tells what a user hides

    Scenario: The primary of the user's shard crashes
      Given "ana" has hidden "song" in us-east
      When the primary of the shard of "ana" in us-east crashes
      Then within 10 seconds a follower of that shard is its primary
      And "ana" is shown:
        | region   | items                 |
        | us-east  | article, film, recipe |
        | ap-south | article, film, recipe |

    Scenario: A follower that has missed the hide is not promoted
      Given a follower of the shard of "ana" in us-east has crashed
      And "ana" has hidden "song" in us-east
      And the crashed replica has come back
      When the primary of the shard of "ana" in us-east crashes
      Then within 10 seconds a follower of that shard is its primary
      And "ana" is shown:
        | region  | items                 |
        | us-east | article, film, recipe |

    Scenario: While her shard has no primary nothing is listed rather than too much
      Given the primary of the shard of "ana" in us-east has crashed
      When us-east is asked "RETRIEVE items FOR USER @ana"
      Then the answer is degraded: all 5 shards of us-east and eu-west and ap-south are missing, because of the hides
      And the answer lists ""

    Scenario: A primary that is cut off from its followers does not tell
      Given the primary of the shard of "ana" in us-east is cut off from its followers
      When us-east is asked "RETRIEVE items FOR USER @ana"
      Then the answer is degraded: all 5 shards of us-east and eu-west and ap-south are missing, because of the hides
      And the answer lists ""

    Scenario: A primary that is cut off from its followers has not heard of the hide
      Given the primary of the shard of "ana" in us-east is cut off from its followers
      When "ana" hides "song" in us-east
      Then "ana" is shown:
        | region   | items                 |
        | us-east  | article, film, recipe |
        | ap-south | article, film, recipe |

    Scenario: A shard of items has no primary, so a follower answers for it, and still leaves out what is hidden
      Given "cleo" has hidden "song" in eu-west
      And the primary and a follower of the shard of "song" in us-east have crashed
      And 5 seconds have passed
      When eu-west is asked "RETRIEVE items FOR USER @cleo USING PROFILE top"
      Then the answer is whole
      And the answer lists "article, film, recipe"

  Rule: 4. Between regions a hide counts as soon as any region that answers has it, and a region that does not tell lists nothing

    Scenario Outline: Hidden before and during a partition
      Given "ana" has hidden "recipe" in ap-south
      And 1 second has passed
      And <fault>
      When "ana" hides "article" in us-east
      Then "ana" is shown:
        | region   | items      |
        | us-east  | <us-east>  |
        | eu-west  | <eu-west>  |
        | ap-south | <ap-south> |

      Examples: The hide of the recipe is known everywhere; that of the article where it can be heard
        | fault                                           | us-east    | eu-west       | ap-south      |
        | ap-south is cut off from every other region     | song       | song          | film          |
        | us-east is cut off from every other region      | song       | article, film | article, film |
        | us-east and eu-west are cut off from each other | song, film | film          | song, film    |
        | us-east and ap-south are cut off from each other | song      | song, film    | film          |
        | messages from us-east to eu-west are lost       | song, film | film          | song, film    |
        | messages from eu-west to us-east are lost       | song, film | film          | song, film    |

    Scenario Outline: After the heal it is hidden everywhere at once
      Given <fault>
      And "ana" has hidden "article" in us-east
      And 5 seconds have passed
      When the partition heals
      Then "ana" is shown:
        | region   | items              |
        | ap-south | song, film, recipe |
        | eu-west  | song, film, recipe |
        | us-east  | song, film, recipe |

      Examples:
        | fault                                           |
        | ap-south is cut off from every other region     |
        | us-east is cut off from every other region      |
        | us-east and eu-west are cut off from each other |
        | messages from us-east to eu-west are lost       |
        | messages from eu-west to us-east are lost       |

    Scenario: A region that cannot be reached lists nothing, because nobody knows what it knows
      Given messages from eu-west to us-east are lost
      When us-east is asked "RETRIEVE items FOR USER @ana"
      Then the answer is degraded: all 5 shards of eu-west are missing, because of the hides
      And the answer lists "song, film"

    Scenario: Hidden on one side, and undone later on the other
      Given "ana" has hidden "song" in us-east
      And 1 second has passed
      And us-east is cut off from every other region
      And "ana" has undone the hide of "song" in eu-west
      When the partition heals
      Then "ana" is shown:
        | region   | items                       |
        | us-east  | song, article, film, recipe |
        | ap-south | song, article, film, recipe |

    Scenario: Undone on one side, and hidden again later on the other
      Given "ana" has hidden "song" in us-east
      And 1 second has passed
      And us-east is cut off from every other region
      And "ana" has undone the hide of "song" in eu-west
      And "ana" has hidden "song" in us-east
      When the partition heals
      Then "ana" is shown:
        | region   | items                 |
        | us-east  | article, film, recipe |
        | eu-west  | article, film, recipe |
        | ap-south | article, film, recipe |

    Scenario: An undo that was retried elsewhere arrives late, after the item was hidden again
      Given the primary of the shard of "ana" in us-east has crashed
      And "ana" has undone the hide of "song" in us-east, which ended as unknown
      And us-east is cut off from every other region
      And the last undo has been sent again in eu-west
      And "ana" has hidden "song" in eu-west
      And the last undo has been sent again in us-east
      When the partition heals
      Then "ana" is shown:
        | region   | items                 |
        | us-east  | article, film, recipe |
        | ap-south | article, film, recipe |

  Rule: 5. The limit: a region cannot know of a hide that was made elsewhere behind a partition

    Scenario: Hidden in us-east, and shown where nobody could hear of it
      Given ap-south is cut off from every other region
      And "ana" has hidden "film" in us-east
      When ap-south is asked "RETRIEVE items FOR USER @ana"
      Then the answer is degraded: all 5 shards of us-east and eu-west are missing, because of the hides
      And the answer lists "film"
