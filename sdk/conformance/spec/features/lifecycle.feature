Feature: Life of a provider
  Sections 1.7, 2.4 and 2.5 of OpenFeature's specification: its state can be seen, and evaluations before it is ready, or
  after the end, give defaults.

  Scenario Outline: A provider that <is> has the state <state> (1.7.1, 1.7.3 to 1.7.5)
    Given a provider that <is>
    Then the state of the client becomes "<state>"
    When the <type> flag "<flag>" is evaluated with the default <default>
    Then the value is <default>
    And the reason is "ERROR"
    And the error code is "<code>"

    Examples:
      | is                        | state     | code               | type    | flag         | default  |
      | waits for its server      | NOT_READY | PROVIDER_NOT_READY | boolean | new-checkout | false    |
      | waits for its server      | NOT_READY | PROVIDER_NOT_READY | object  | layout       | {"n": 0} |
      | has a key that is refused | FATAL     | PROVIDER_FATAL     | boolean | new-checkout | false    |
      | has a key that is refused | FATAL     | PROVIDER_FATAL     | integer | page-size    | 1        |

  Scenario: A provider that cannot reach its server gives defaults, and recovers by itself
    Given a provider that cannot reach its server
    Then the state of the client becomes "ERROR"
    When the boolean flag "new-checkout" is evaluated with the default false
    Then the value is false
    And the reason is "ERROR"
    When the server is back
    Then the state of the client becomes "READY"
    When the boolean flag "new-checkout" is evaluated with the default false
    Then the value is true

  Scenario: A provider that was shut down gives defaults (2.5.1)
    Given a provider that is ready
    When the provider is shut down
    And the boolean flag "new-checkout" is evaluated with the default false
    Then the value is false
    And the reason is "ERROR"

  Scenario: A provider that takes the place of another ends it (1.1.2.3)
    Given a provider that is ready
    When another provider that is ready takes its place
    Then the first provider has no connection any more
    When the boolean flag "new-checkout" is evaluated with the default false
    Then the value is true
