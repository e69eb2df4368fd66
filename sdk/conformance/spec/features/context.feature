Feature: Merging of contexts
  Section 3.2 of OpenFeature's specification. The flag "level" answers with what the attribute "level" says when it has
  arrived at the provider; the flag "all-levels" asks for an attribute of each level.

  Background:
    Given a provider that is ready

  Scenario Outline: An attribute of one level arrives (3.2.1, 3.2.2)
    Given the <level> context has "level" as "<level>"
    When the string flag "level" is evaluated with the default "none"
    Then the value is "<level>"

    Examples:
      | level       |
      | API         |
      | transaction |
      | client      |
      | invocation  |
      | before-hook |

  Scenario Outline: The later level goes before the earlier ones (3.2.3)
    Given the contexts of all levels up to <level> have "level" as their own name
    When the string flag "level" is evaluated with the default "none"
    Then the value is "<level>"

    Examples:
      | level       |
      | API         |
      | transaction |
      | client      |
      | invocation  |
      | before-hook |

  Scenario: Attributes of different names come together (3.2.3)
    Given the API context has "api" as "yes"
    And the transaction context has "transaction" as "yes"
    And the client context has "client" as "yes"
    And the invocation context has "invocation" as "yes"
    And the before-hook context has "hook" as "yes"
    When the boolean flag "all-levels" is evaluated with the default false
    Then the value is true

  Scenario: The caller's context is left as it was
    Given the invocation context is {"level": "invocation", "nested": {"list": [1, 2]}}
    And the before-hook context has "level" as "before-hook"
    When the string flag "level" is evaluated with the default "none"
    Then the value is "before-hook"
    And the invocation context is still {"level": "invocation", "nested": {"list": [1, 2]}}
