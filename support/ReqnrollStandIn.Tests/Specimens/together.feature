Feature: Together

  @uat
  Scenario: Passes without a step

  Scenario: Fails for want of a definition
    Given nobody knows this
