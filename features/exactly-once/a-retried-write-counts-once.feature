Feature: A retried write counts once
  Whoever does not hear that a signal was accepted sends it again: here, at another primary, in another region, while the
  regions cannot reach each other. Every try carries the same operation id and says in how many regions it was left
  unanswered before. However many regions end up with a record of it, exactly one of them counts, in every region the same.

  Background:
    Given a cluster of us-east, eu-west and ap-south with 5 shards and 3 replicas each
    And these items:
      | item | home    |
      | song | us-east |

  Rule: 1. A signal sent again in its region counts once

    Scenario: The primary that accepted it knows it again
      Given "ana" has sent 1 "view" signals for "song" in us-east
      When the last signal is sent again in us-east
      Then it is acknowledged
      And us-east has counted 1 "view" signals for "song"
      And within 2 seconds the regions hold 1 signal record, of which 1 counts

    Scenario: A promoted primary knows it again
      Given a "view" signal by "ana" for "song" is on two disks in us-east
      And the primary of the shard of "song" in us-east has crashed
      And the outcome of that signal is unknown
      When the last signal is sent again in us-east
      Then it is acknowledged
      And us-east has counted 1 "view" signals for "song"

    Scenario: A promoted primary that never had it takes it
      Given a "view" signal by "ana" for "song" has reached the primary in us-east
      And the primary of the shard of "song" in us-east has crashed
      And the outcome of that signal is unknown
      When the last signal is sent again in us-east
      Then it is acknowledged
      And within 2 seconds the regions hold 1 signal record, of which 1 counts

  Rule: 2. A signal sent again in other regions counts once

    Scenario: A second region that has it already writes nothing
      Given "ana" has sent 1 "view" signals for "song" in us-east
      When the last signal is sent again in eu-west
      Then it is acknowledged
      And within 2 seconds the regions hold 1 signal record, of which 1 counts

    Scenario: A second region takes what the first lost
      Given "ana" has sent 1 "view" signals for "song" in us-east
      And the primary and a follower of the shard of "song" in us-east have crashed
      And 1 second has passed
      And a "view" signal by "ben" for "song" ended as unknown in us-east
      When the last signal is sent again in eu-west
      Then it is acknowledged
      And within 2 seconds ap-south has counted 2 "view" signals for "song"
      And within 2 seconds the regions hold 2 signal records, of which 2 count

    Scenario: A region that refused it does not count as left
      Given two followers of the shard of "song" in us-east have crashed
      And 1 second has passed
      And a "view" signal by "ana" for "song" ended as refused in us-east
      When the last signal is sent again in eu-west
      Then it is acknowledged
      And within 2 seconds the regions hold 1 signal record, of which 1 counts

    Scenario: A second and a third region take it while none can reach another
      Given us-east is cut off from every other region
      And eu-west and ap-south are cut off from each other
      And "ana" has sent 1 "view" signals for "song" in us-east
      And the last signal has been sent again in eu-west and ap-south
      When the partition heals
      Then within 5 seconds us-east has counted 1 "view" signals for "song"
      And within 5 seconds eu-west has counted 1 "view" signals for "song"
      And within 5 seconds the regions hold 3 signal records, of which 1 counts

  Rule: 3. During a partition it counts at once on either side, and once when they meet

    Scenario: Both sides count it before they meet
      Given us-east is cut off from every other region
      And "ana" has sent 1 "view" signals for "song" in us-east
      When the last signal is sent again in eu-west
      Then us-east has counted 1 "view" signals for "song"
      And within 2 seconds ap-south has counted 1 "view" signals for "song"

    Scenario: It is one signal among many when they meet
      Given us-east is cut off from every other region
      And "ben" has sent 10 "view" signals for "song" in eu-west
      And "ana" has sent 5 "view" signals for "song" in us-east
      And the last signal has been sent again in ap-south
      When the partition heals
      Then within 5 seconds us-east has counted 15 "view" signals for "song"
      And within 5 seconds eu-west has counted 15 "view" signals for "song"
      And within 5 seconds the regions hold 16 signal records, of which 15 count
      And the decay score of "song" for "view" is the same in us-east and ap-south, to the bit

    Scenario: Its primary crashes as they meet
      Given us-east is cut off from every other region
      And "ana" has sent 1 "view" signals for "song" in us-east
      And the last signal has been sent again in eu-west
      And the partition has healed
      When the primary of the shard of "song" in eu-west crashes
      Then within 10 seconds eu-west has counted 1 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 4. What can never be told is said to be so, and not guessed

    Scenario: A signal is sent again long after its session has gone on
      Given a "view" signal by "ana" for "song" is on the disk of the primary alone in us-east
      And the primary crashes and its followers elect another, which accepts 100 "view" signals for "song"
      And the outcome of that signal is unknown
      When the last signal is sent again in us-east
      Then it can never be told whether that signal counts
      And us-east has counted 100 "view" signals for "song"

  Rule: 5. What is taken back is taken back once

    Scenario: It is taken back in every region at once
      Given "ana" has sent 3 "view" signals for "song" in us-east
      And us-east is cut off from every other region
      And eu-west and ap-south are cut off from each other
      And the last signal has been taken back in us-east and eu-west and ap-south
      When the partition heals
      Then within 5 seconds us-east has counted 2 "view" signals for "song"
      And within 5 seconds ap-south has counted 2 "view" signals for "song"
      And nothing acknowledged is lost and nothing is counted twice

    Scenario: It is taken back twice in one region
      Given "ana" has sent 3 "view" signals for "song" in us-east
      And the last signal has been taken back in us-east
      When the last signal is taken back in us-east
      Then it is acknowledged
      And us-east has counted 2 "view" signals for "song"

    Scenario: A region that has not heard of it does not take it back
      Given us-east is cut off from every other region
      And "ana" has sent 3 "view" signals for "song" in us-east
      When the last signal is taken back in eu-west
      Then the signal is refused because the region does not know what is taken back

  Rule: 6. A session that has ended writes nothing more, in any region

    Scenario: A signal that was never written is refused
      Given two followers of the shard of "song" in us-east have crashed
      And 1 second has passed
      And a "view" signal by "ana" for "song" ended as refused in us-east
      And the crashed replica has come back
      And 2 seconds have passed
      And the session of the clients in us-east has ended
      And 2 seconds have passed
      When the last signal is sent again in eu-west
      Then the signal is refused because its session has ended

    Scenario: The end of a session takes back nothing that counts
      Given us-east is cut off from every other region
      And "ana" has sent 1 "view" signals for "song" in us-east
      And the last signal has been sent again in eu-west
      And the session of the clients in us-east has ended
      When the partition heals
      Then within 5 seconds ap-south has counted 1 "view" signals for "song"
      And within 5 seconds the regions hold 2 signal records, of which 1 counts
      And nothing acknowledged is lost and nothing is counted twice

  Rule: 7. Of many signals sent as one each counts once, whatever becomes of the others

    Scenario: One of them is sent again by itself
      Given the clients send all that they have in one call
      And "ana" has sent 50 "view" signals for "song" in us-east
      When the last signal is sent again in eu-west
      Then it is acknowledged
      And within 2 seconds the regions hold 50 signal records, of which 50 count

    Scenario: The primary crashes and leaves them unanswered
      Given the clients send all that they have in one call
      And "ana" has sent 10 "view" signals for "song" in us-east
      And the primary of the shard of "song" in us-east has crashed
      When "ben" sends 50 "view" signals for "song" in us-east, retrying what is not acknowledged
      Then every signal was acknowledged within 10 seconds
      And within 2 seconds the regions hold 60 signal records, of which 60 count
      And nothing acknowledged is lost and nothing is counted twice
