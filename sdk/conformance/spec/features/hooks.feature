Feature: Hooks
  Section 4 of OpenFeature's specification, through a provider.

  Background:
    Given a provider that is ready

  Scenario: Stages run in order, and are told of the outcome (4.3, 4.4.1)
    Given a hook of the client
    When the boolean flag "new-checkout" is evaluated with the default false
    Then the stages "before after finally" of the client's hook have run
    And "after" was told of the value true, the variant "on", the reason "STATIC" and no error
    And "finally" was told of the value true, the variant "on", the reason "STATIC" and no error
    And hooks were told of the provider "tidegate" and the flag "new-checkout"

  Scenario Outline: An evaluation that fails (4.3.7, 4.4.6)
    Given a hook of the client
    When the <type> flag "<flag>" is evaluated with the default <default>
    Then the stages "before error finally" of the client's hook have run
    And "finally" was told of the value <default>, no variant, the reason "ERROR" and the error "<code>"

    Examples:
      | flag         | type    | default | code           |
      | no-such-flag | string  | "bye"   | FLAG_NOT_FOUND |
      | greeting     | integer | 13      | TYPE_MISMATCH  |

  Scenario: Levels run from the outside in, and back out (4.4.2)
    Given a hook of the API
    And a hook of the client
    And a hook of the invocation
    When the boolean flag "new-checkout" is evaluated with the default false
    Then all stages have run as:
      | API        | before  |
      | client     | before  |
      | invocation | before  |
      | invocation | after   |
      | client     | after   |
      | API        | after   |
      | invocation | finally |
      | client     | finally |
      | API        | finally |

  Scenario: A hook that fails before the evaluation gives the default (4.4.6)
    Given a hook of the client that fails before
    When the boolean flag "new-checkout" is evaluated with the default false
    Then the value is false
    And the evaluation has failed
    And the stages "before error finally" of the client's hook have run

  Scenario: What a hook adds to the context reaches the provider (4.3.4)
    Given the before-hook context has the targeting key "ada"
    When the boolean flag "only-ada" is evaluated with the default false
    Then the value is true
