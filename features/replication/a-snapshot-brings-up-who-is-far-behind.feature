Feature: A snapshot brings up who is far behind
  A replica keeps a piece of its log of bounded size, and in place of what came before it a checkpoint. A replica or a
  region that needs older signals is sent a snapshot: all that was counted so far, and which operations they were. So
  what is sent again after it is known again, and signals go on from there as if nothing had been left out.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And every replica keeps 4 kB of log at most
    And these items:
      | item | home    |
      | song | us-east |

  Rule: 1. The log on disk stays within its bound

    Scenario: More signals than the log may hold
      When "ana" sends 1500 "view" signals for "song" in us-east
      Then no replica keeps more than 4 kB of log
      And us-east has counted 1500 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: A replica that cannot be reached does not hold the log up
      Given a follower of the shard of "song" in us-east has crashed
      And eu-west is cut off from every other region
      When "ana" sends 1500 "view" signals for "song" in us-east
      Then no replica keeps more than 4 kB of log
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 2. A replica that was away for long gets a checkpoint

    Scenario: It comes back when the log that it needs is gone
      Given the primary of the shard of "song" in us-east has crashed
      And "ana" has sent 600 "view" signals for "song" in us-east, retrying what was not acknowledged
      When the crashed replica comes back
      Then within 5 seconds it is a follower and holds the same log as the new primary
      And it has taken over a checkpoint
      And within 5 seconds it is a voter again

    Scenario: It comes back without its disk, and has no vote before it has the checkpoint
      Given the primary of the shard of "song" in us-east has crashed and lost its disk
      And "ana" has sent 600 "view" signals for "song" in us-east, retrying what was not acknowledged
      When the crashed replica comes back
      Then within 1 second it is a learner without a vote
      And within 5 seconds it is a voter again
      And it has taken over a checkpoint
      And within 5 seconds it is a follower and holds the same log as the new primary

    Scenario: All replicas of a shard start again from their checkpoints
      Given "ana" has sent 600 "view" signals for "song" in us-east
      And all replicas of the shard of "song" in us-east have crashed
      When the crashed replicas come back
      Then within 10 seconds us-east has counted 600 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 3. A region that was cut off for long gets a snapshot, and signals go on from there

    Scenario: It gets the snapshot when the partition heals
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      When the partition heals
      Then within 5 seconds eu-west has counted 600 "view" signals for "song"
      And eu-west has taken over a snapshot of the shard of "song" from us-east
      And the decay score of "song" for "view" is the same in us-east and eu-west, to the bit

    Scenario: Both sides have accepted signals meanwhile
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      And "ben" has sent 600 "view" signals for "song" in eu-west
      When the partition heals
      Then within 5 seconds eu-west has counted 1200 "view" signals for "song"
      And within 5 seconds us-east has counted 1200 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: Signals that follow the snapshot are counted once
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      And the partition has healed
      When "ana" sends 100 "view" signals for "song" in us-east
      Then within 5 seconds eu-west has counted 700 "view" signals for "song"
      And within 2 seconds the regions are behind each other by:
        | from    | to      | batches |
        | us-east | eu-west | 0       |
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: A signal that the snapshot holds is tried again in the region that got it
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      And the partition has healed
      And within 5 seconds eu-west had counted 600 "view" signals for "song"
      When the last signal is sent again in eu-west
      Then it is acknowledged
      And within 2 seconds us-east has counted 600 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: A region that the origin cannot reach gets the snapshot from a third one
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      And the partition has healed
      When us-east and eu-west are cut off from each other
      Then within 10 seconds eu-west has counted 600 "view" signals for "song"
      And eu-west has taken over a snapshot of the shard of "song" from ap-south

    Scenario: A shard that was founded anew gets back in a snapshot what it had accepted
      Given "ana" has sent 600 "view" signals for "song" in us-east
      And 2 seconds have passed
      And two followers of the shard of "song" in us-east have crashed and lost their disks
      And the crashed replicas have come back
      When an operator founds the shard of "song" in us-east anew
      Then within 10 seconds us-east has counted 600 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 4. A crash in the middle of a snapshot, or right after it, loses nothing

    Scenario: The primary that got the snapshot crashes
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      And the partition has healed
      And within 5 seconds eu-west had counted 600 "view" signals for "song"
      When the primary of the shard of "song" in eu-west crashes
      Then within 10 seconds a follower of that shard is its primary
      And eu-west has counted 600 "view" signals for "song"

    Scenario Outline: A primary crashes when half of the snapshot has arrived
      Given eu-west is cut off from every other region
      And "ana" has sent 600 "view" signals for "song" in us-east
      And the partition has healed
      And half of a snapshot of the shard of "song" has arrived in eu-west
      When the primary of the shard of "song" in <region> crashes
      Then within 15 seconds eu-west has counted 600 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

      Examples:
        | region  |
        | eu-west |
        | us-east |
