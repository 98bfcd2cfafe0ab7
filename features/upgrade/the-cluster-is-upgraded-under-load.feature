Feature: The cluster is upgraded under load
  Nodes get new software one at a time. A node hands the shards that it is the primary of over to others, stops, starts
  with its new software, and comes level with its groups before the next one's turn. What only new software can read is
  written once every node of every region can.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And all nodes are started with software that reads log format 2
    And these items:
      | item | home     |
      | song | us-east  |
      | poem | eu-west  |
      | film | ap-south |

  Rule: 1. Nobody notices, and nothing is lost

    Scenario: All nodes are upgraded while signals and queries go on
      Given users in every region keep sending "view" signals for "song" and "poem" and asking queries
      When the cluster is upgraded to software that reads log format 3
      Then within 120 seconds 9 nodes have been upgraded, one at a time
      And every signal was acknowledged at the first try
      And every query was answered in full
      And nothing acknowledged is lost and nothing is counted twice

    Scenario Outline: A replica crashes in the middle
      Given users in every region keep sending "view" signals for "song" and "poem" and asking queries
      And the cluster has begun to be upgraded to software that reads log format 3
      And within 100 seconds it had come to where a node of us-east <step>
      And <replicas> of the shard of "song" in us-east has crashed
      And 3 seconds have passed
      When the crashed replica comes back
      Then within 180 seconds 9 nodes have been upgraded, one at a time
      And the regions write log format 3
      And nothing acknowledged is lost and nothing is counted twice

      Examples:
        | replicas    | step        |
        | the primary | hands over  |
        | a follower  | hands over  |
        | the primary | is stopped  |
        | a follower  | is stopped  |
        | the primary | comes level |
        | a follower  | comes level |

  Rule: 2. What only new software reads is written once every node of every region reads it

    Scenario: The format is raised at the end
      Given users in every region keep sending "view" signals for "song" and "poem" and asking queries
      When the cluster is upgraded to software that reads log format 3
      Then within 120 seconds 9 nodes have been upgraded, one at a time
      And the regions write log format 3

    Scenario: A region that is cut off holds the format back
      Given ap-south is cut off from every other region
      And users in every region keep sending "view" signals for "song" and "poem" and asking queries
      When the cluster is upgraded to software that reads log format 3
      Then within 60 seconds 6 nodes have been upgraded, one at a time
      And within 1 second it waits because "ap-south is not level"
      And the regions write log format 2

    Scenario: It goes on when the region is back
      Given ap-south is cut off from every other region
      And the partition heals in 40000 milliseconds
      And users in every region keep sending "view" signals for "song" and "poem" and asking queries
      When the cluster is upgraded to software that reads log format 3
      Then within 120 seconds 9 nodes have been upgraded, one at a time
      And the regions write log format 3

    Scenario: A node with the old software does not start on what the new one has written
      Given the cluster has begun to be upgraded to software that reads log format 3
      And within 120 seconds 9 nodes had been upgraded, one at a time
      And "ana" has sent 5 "view" signals for "song" in us-east
      When a node of us-east is started with software that reads log format 2
      Then it is refused: "Unknown batch version 3; this build knows 2."

  Rule: 3. No shard is left without a quorum

    Scenario: It waits while another replica of a shard is down
      Given a follower of the shard of "song" in us-east has crashed
      And users in every region keep sending "view" signals for "song" and "poem" and asking queries
      And the cluster has begun to be upgraded to software that reads log format 3
      When 30 seconds pass
      Then within 1 second it waits because "us-east is not level"
      And every signal was acknowledged at the first try
      And the regions write log format 2
