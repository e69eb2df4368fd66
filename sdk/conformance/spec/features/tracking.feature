Feature: Tracking
  Section 6 of OpenFeature's specification: what is tracked reaches the server, with the merged context.

  Background:
    Given a provider that is ready

  Scenario: An event with a value (6.1.1, 6.1.3, 6.2.1)
    Given the API context has "level" as "API"
    And the client context has "plan" as "pro"
    And the invocation context has "level" as "invocation"
    And the invocation context has the targeting key "ada"
    When "checkout.done" is tracked with the value 12.5
    Then the server is told of "checkout.done" with the value 12.5 and the context {"targetingKey": "ada", "level": "invocation", "plan": "pro"}

  Scenario: An event without a name tells nobody (6.1.1)
    When "" is tracked with the value 1
    And "checkout.done" is tracked with the value 2
    Then the server is told of "checkout.done" with the value 2 and the context {}
    And the server is told of nothing else
