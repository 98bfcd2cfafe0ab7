Feature: Merge laws
  While regions are cut off from each other each goes on writing, and its copy of the same thing goes its own way. When they
  meet again the copies are merged. What comes out is the same in whatever order they meet and however often, and nothing
  that one of the copies knew is lost: every example below is merged in all orders, with each copy delivered twice.

  Rule: 1. Of several values of an attribute the one written last stays

    Scenario: The later value stays
      When these copies of an attribute are merged, in every order and each of them twice:
        | value | written at | region   | node |
        | EU    | 10:00:00   | ap-south | 2    |
        | NA    | 10:00:01   | us-east  | 0    |
        | AS    | 09:59:59   | eu-west  | 1    |
      Then every order comes to:
        | value | written at | region  | node |
        | NA    | 10:00:01   | us-east | 0    |

    Scenario: Two values written at the same instant are decided by the node, the same way everywhere
      When these copies of an attribute are merged, in every order and each of them twice:
        | value | written at | region  | node |
        | EU    | 10:00:00   | us-east | 2    |
        | NA    | 10:00:00   | eu-west | 0    |
        | AS    | 10:00:00   | eu-west | 1    |
      Then every order comes to:
        | value | written at | region  | node |
        | AS    | 10:00:00   | eu-west | 1    |

  Rule: 2. What was hidden stays hidden until it is undone later

    Scenario: A hide seen from anywhere counts
      When these copies of a hard negative are merged, in every order and each of them twice:
        | hidden at | undone at |
        | 10:00:00  | never     |
        | never     | never     |
      Then every order comes to:
        | hidden at | undone at | shown |
        | 10:00:00  | never     | no    |

    Scenario: A later undo shows it again
      When these copies of a hard negative are merged, in every order and each of them twice:
        | hidden at | undone at |
        | 10:00:00  | never     |
        | never     | 10:00:01  |
      Then every order comes to:
        | hidden at | undone at | shown |
        | 10:00:00  | 10:00:01  | yes   |

    Scenario: Hidden again on one side after the other side's undo
      When these copies of a hard negative are merged, in every order and each of them twice:
        | hidden at | undone at |
        | 10:00:00  | 10:00:01  |
        | 10:00:02  | never     |
        | 10:00:00  | never     |
      Then every order comes to:
        | hidden at | undone at | shown |
        | 10:00:02  | 10:00:01  | no    |

    Scenario: A hide and an undo at the same instant: it stays hidden
      When these copies of a hard negative are merged, in every order and each of them twice:
        | hidden at | undone at |
        | 10:00:00  | never     |
        | never     | 10:00:00  |
      Then every order comes to:
        | hidden at | undone at | shown |
        | 10:00:00  | 10:00:00  | no    |

    Scenario: An undo alone hides nothing
      When these copies of a hard negative are merged, in every order and each of them twice:
        | hidden at | undone at |
        | never     | 10:00:00  |
        | never     | never     |
      Then every order comes to:
        | hidden at | undone at | shown |
        | never     | 10:00:00  | yes   |

  Rule: 3. Of each region's own counts the newest stay; they are never added up

    Scenario: Each side is ahead with its own signals
      When these copies of a signal's counts are merged, in every order and each of them twice:
        | us-east | eu-west | ap-south |
        | 5       | 2       | 0        |
        | 3       | 4       | 0        |
      Then every order comes to:
        | us-east | eu-west | ap-south | count | added up |
        | 5       | 4       | 0        | 9     | 14       |

    Scenario: Three sides of a partition that split them all
      When these copies of a signal's counts are merged, in every order and each of them twice:
        | us-east | eu-west | ap-south |
        | 7       | 1       | 1        |
        | 1       | 5       | 1        |
        | 1       | 1       | 3        |
      Then every order comes to:
        | us-east | eu-west | ap-south | count | added up |
        | 7       | 5       | 3        | 15    | 21       |

    Scenario: Copies that know the same
      When these copies of a signal's counts are merged, in every order and each of them twice:
        | us-east | eu-west | ap-south |
        | 4       | 4       | 0        |
        | 4       | 4       | 0        |
      Then every order comes to:
        | us-east | eu-west | ap-south | count | added up |
        | 4       | 4       | 0        | 8     | 16       |

    Scenario: What was taken back on one side is taken back
      When these copies of a signal's counts are merged, in every order and each of them twice:
        | us-east         | eu-west | ap-south |
        | 5, 2 taken back | 0       | 1        |
        | 5               | 3       | 0        |
      Then every order comes to:
        | us-east         | eu-west | ap-south | count |
        | 5, 2 taken back | 3       | 1        | 7     |
