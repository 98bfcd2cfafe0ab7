Feature: A shard primary crashes
  Each shard has three replicas in each region. One of them is the primary; it acknowledges a signal once two of the
  three have it on disk. So one replica may be lost at any instant, disk and all, with nothing acknowledged lost.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item | home    |
      | song | us-east |
    And "ana" has sent 50 "view" signals for "song" in us-east

  Rule: 1. A follower takes over within ten seconds, with every acknowledged signal

    @uat @uat-step-2
    Scenario: A follower is promoted
      When the primary of the shard of "song" in us-east crashes
      Then within 10 seconds a follower of that shard is its primary
      And us-east has counted 50 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: A follower that is behind is not promoted
      Given a follower of the shard of "song" in us-east has crashed
      And "ben" has sent 10 "view" signals for "song" in us-east
      And the crashed replica has come back
      When the primary of the shard of "song" in us-east crashes
      Then within 10 seconds a follower of that shard is its primary
      And us-east has counted 60 "view" signals for "song"

    @uat @uat-step-2
    Scenario: Signals are accepted again after the failover
      Given the primary of the shard of "song" in us-east has crashed
      When "ben" sends 10 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 10 seconds
      And within 2 seconds eu-west has counted 60 "view" signals for "song"

    Scenario: The other regions do not notice
      Given the primary of the shard of "song" in us-east has crashed
      When "ben" sends 10 "view" signals for "song" in eu-west, retrying what is not acknowledged
      Then eu-west has counted 60 "view" signals for "song"
      And every signal was acknowledged at the first try

    Scenario: A crash of a follower interrupts nothing
      Given a follower of the shard of "song" in us-east has crashed
      When "ben" sends 10 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then us-east has counted 60 "view" signals for "song"
      And every signal was acknowledged at the first try

  Rule: 2. A signal whose outcome is unknown is retried and counts once

    Scenario: A signal that only the primary has is neither counted nor listed
      Given a "view" signal by "ben" for "song" is on the disk of the primary alone in us-east
      When us-east is asked as of 00:00:01 "RETRIEVE items USING PROFILE top"
      Then the answer lists:
        | item | score     |
        | song | 50.000000 |

    Scenario: The primary crashes before it can answer
      Given a "view" signal by "ben" for "song" has reached the primary in us-east
      And the primary of the shard of "song" in us-east has crashed
      And the outcome of that signal is unknown
      When the last signal is sent again in us-east
      Then it is acknowledged
      And us-east has counted 51 "view" signals for "song"

    Scenario: The new primary already has the signal that is retried
      Given a "view" signal by "ben" for "song" is on two disks in us-east
      And the primary of the shard of "song" in us-east has crashed
      And within 10 seconds us-east had counted 51 "view" signals for "song"
      And the outcome of that signal is unknown
      When the last signal is sent again in us-east
      Then it is acknowledged
      And us-east has counted 51 "view" signals for "song"

    Scenario: A signal that was acknowledged is sent again
      Given "ben" has sent 1 "view" signals for "song" in us-east
      When the last signal is sent again in us-east
      Then it is acknowledged
      And us-east has counted 51 "view" signals for "song"

  Rule: 3. The old primary comes back as a follower

    Scenario: It comes back as a follower and catches up
      Given the primary of the shard of "song" in us-east has crashed
      And "ben" has sent 10 "view" signals for "song" in us-east, retrying what was not acknowledged
      When the crashed replica comes back
      Then within 5 seconds it is a follower and holds the same log as the new primary

    Scenario: A primary that is only cut off from its followers is fenced
      Given the primary of the shard of "song" in us-east is cut off from its followers
      And "ben" has sent 10 "view" signals for "song" in us-east, retrying what was not acknowledged
      When the partition heals
      Then within 5 seconds it is a follower and holds the same log as the new primary
      And us-east has counted 60 "view" signals for "song"

    Scenario: It gives up what it alone had written, which nobody was promised
      Given a "view" signal by "ben" for "song" is on the disk of the primary alone in us-east
      And the primary crashes and its followers elect another, which accepts 10 "view" signals for "song"
      When the crashed replica comes back
      Then within 5 seconds it is a follower and holds the same log as the new primary
      And it has cut off the signal that it alone had written
      And the outcome of that signal stays unknown
      And us-east has counted 60 "view" signals for "song"

    Scenario: It comes back without its disk and is a learner until it has caught up
      Given the primary of the shard of "song" in us-east has crashed and lost its disk
      When the crashed replica comes back
      Then it is a learner at first, without a vote
      And within 5 seconds it is a follower and holds the same log as the new primary
      And within 5 seconds it is a voter again

    Scenario: It comes back after a power failure that tore its last write
      Given a "view" signal by "ben" for "song" is half written on the primary in us-east when its power fails
      When the crashed replica comes back
      Then within 5 seconds it is a follower and holds the same log as the new primary
      And within 5 seconds it is a voter again
      And the outcome of that signal stays unknown

  Rule: 4. One crash after another loses nothing either

    Scenario: The new primary crashes too
      Given the primary of the shard of "song" in us-east has crashed
      And 2 seconds have passed
      And the crashed replica has come back
      And 2 seconds have passed
      When the primary of the shard of "song" in us-east crashes
      Then within 10 seconds a follower of that shard is its primary
      And us-east has counted 50 "view" signals for "song"

    Scenario Outline: Three crashes in a row
      When the primary of the shard of "song" in us-east crashes 3 times, each time back before the next, its disk <disk>, while "ben" sends 30 "view" signals for it
      Then us-east has counted 80 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

      Examples:
        | disk |
        | kept |
        | torn |
        | lost |

  Rule: 5. With two of three replicas gone signals are refused, and nothing is lost

    Scenario: Signals are refused while there is no quorum
      Given two followers of the shard of "song" in us-east have crashed
      And 1 second has passed
      When "ben" sends a "view" signal for "song" in us-east
      Then the signal is refused because there are not enough replicas
      And eu-west has counted 50 "view" signals for "song"

    Scenario: The primary is among the two, so the first signal to it ends unknown and later ones are refused
      Given the primary and a follower of the shard of "song" in us-east have crashed
      And 1 second has passed
      And a "view" signal by "ben" for "song" ended as unknown in us-east
      When "ben" sends a "view" signal for "song" in us-east
      Then the signal is refused because there are not enough replicas

    Scenario: A refused signal never counts
      Given two followers of the shard of "song" in us-east have crashed
      And 1 second has passed
      And a "view" signal by "ben" for "song" ended as refused in us-east
      When the crashed replica comes back
      Then within 10 seconds us-east has counted 50 "view" signals for "song"

    Scenario: Signals are accepted again once a second replica is back
      Given two followers of the shard of "song" in us-east have crashed
      And 1 second has passed
      And the crashed replica has come back
      When "ben" sends 1 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 10 seconds
      And us-east has counted 51 "view" signals for "song"

  Rule: 6. With two of three disks lost the shard is founded anew from what the other regions hold

    Scenario: Signals are refused until an operator founds the shard anew
      Given two of three replicas of the shard of "song" in us-east have lost their disks
      And 2 seconds have passed
      And a "view" signal by "ben" for "song" ended as refused in us-east
      When an operator founds the shard of "song" in us-east anew
      Then within 10 seconds us-east has counted 50 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: It numbers nothing of its own before every other region has answered
      Given ap-south is cut off from every other region
      And an operator has founded the shard of "song" in us-east anew
      And a "view" signal by "ben" for "song" ended as unknown in us-east
      When "ben" sends a "view" signal for "song" in us-east
      Then the signal is refused because the shard is recovering

    Scenario: Signals are accepted again, under numbers that were never used
      Given an operator has founded the shard of "song" in us-east anew
      When "ben" sends 10 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 10 seconds
      And within 2 seconds eu-west has counted 60 "view" signals for "song"
      And the decay score of "song" for "view" is the same in us-east and eu-west, to the bit
