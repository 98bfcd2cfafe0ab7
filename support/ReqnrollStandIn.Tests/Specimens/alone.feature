@realtime
Feature: Alone

  Scenario Outline: Passes for each row
    Examples:
      | row |
      | 1   |
      | 2   |
