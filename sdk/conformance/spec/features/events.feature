Feature: Events
  Section 5 of OpenFeature's specification. Each event is also true: what it tells can be seen in the next evaluation.

  Scenario Outline: A provider that becomes ready tells <whom> (5.1.2, 5.3.1)
    Given a handler of <whom> for "PROVIDER_READY"
    And a provider that is ready
    Then the handler of <whom> for "PROVIDER_READY" has run for the provider "tidegate"

    Examples:
      | whom       |
      | the API    |
      | the client |

  Scenario Outline: A handler that comes late runs at once (5.3.3)
    Given a provider that <is>
    And a handler of the client for "<event>"
    Then the handler of the client for "<event>" has run for the provider "tidegate"

    Examples:
      | is                         | event          |
      | is ready                   | PROVIDER_READY |
      | cannot reach its server    | PROVIDER_ERROR |
      | has a key that is refused  | PROVIDER_ERROR |

  Scenario: A change of a flag is told, and true (5.1.2, 5.2.4)
    Given a provider that is ready
    And a handler of the client for "PROVIDER_CONFIGURATION_CHANGED"
    When the flag "changing" is switched
    Then the handler of the client for "PROVIDER_CONFIGURATION_CHANGED" has run for the provider "tidegate"
    And the flag "changing" serves what it was switched to

  @in-process
  Scenario: A change names the flags that it may have changed (5.2.4)
    Given a provider that is ready
    And a handler of the client for "PROVIDER_CONFIGURATION_CHANGED"
    When the flag "changing" is switched
    Then the handler of the client for "PROVIDER_CONFIGURATION_CHANGED" is told of the flag "changing"

  Scenario: A provider that loses its server is stale, and ready again once it is back (5.3.5)
    Given a provider that is ready
    And a handler of the client for "PROVIDER_STALE"
    When the server is lost
    Then the handler of the client for "PROVIDER_STALE" has run for the provider "tidegate"
    And the state of the client becomes "STALE"
    When the server is back
    Then the state of the client becomes "READY"

  @in-process
  Scenario: What was known last is served while the server is lost
    Given a provider that is ready
    When the server is lost
    And the boolean flag "new-checkout" is evaluated with the default false
    Then the value is true
    And there is no error

  Scenario: A handler that was removed runs no more (5.2.7)
    Given a provider that is ready
    And a handler of the client for "PROVIDER_CONFIGURATION_CHANGED"
    And a handler of the API for "PROVIDER_CONFIGURATION_CHANGED"
    When the handler of the client for "PROVIDER_CONFIGURATION_CHANGED" is removed
    And the flag "changing" is switched
    Then the handler of the API for "PROVIDER_CONFIGURATION_CHANGED" has run for the provider "tidegate"
    And the handler of the client for "PROVIDER_CONFIGURATION_CHANGED" has not run

  Scenario: Domains hear of their own provider alone (5.1.3)
    Given a provider that is ready
    And a provider of the domain "other" that has a key that is refused
    Then the state of the client becomes "READY"
    And the state of the client of the domain "other" becomes "FATAL"
    When the boolean flag "new-checkout" is evaluated with the default false
    Then the value is true
