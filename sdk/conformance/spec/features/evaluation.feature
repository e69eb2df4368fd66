Feature: Evaluation of flags
  Sections 1.3, 1.4 and 2.2 of OpenFeature's specification: every type has a method of its own, details tell how a value
  came about, and nothing that goes wrong reaches the application as anything but its default and an error code.

  Background:
    Given a provider that is ready

  Rule: A flag gives its value, variant and reason (1.4.3 to 1.4.7, 2.2.3 to 2.2.5)

    Scenario Outline: A <type> flag without rules
      When the <type> flag "<flag>" is evaluated with the default <default>
      Then the value is <value>
      And the variant is "<variant>"
      And the reason is "STATIC"
      And the details name the flag "<flag>"
      And there is no error

      Examples: Usual values
        | flag          | type    | default    | value                          | variant  |
        | new-checkout  | boolean | false      | true                           | on       |
        | greeting      | string  | "bye"      | "hello"                        | informal |
        | page-size     | integer | 1          | 25                             | normal   |
        | discount      | float   | 0.1        | 0.25                           | quarter  |
        | layout        | object  | {"n": 0}   | {"columns": 2, "title": "Two"} | wide     |

      Examples: Values that look like nothing
        | flag          | type    | default    | value | variant |
        | zero-boolean  | boolean | true       | false | zero    |
        | zero-string   | string  | "fallback" | ""    | zero    |
        | zero-number   | integer | 1          | 0     | zero    |
        | zero-number   | float   | 0.1        | 0.0   | zero    |
        | zero-object   | object  | {"n": 0}   | {}    | zero    |

      Examples: Numbers that some representations would change
        | flag          | type    | default | value            | variant |
        | int-32        | integer | 1       | 2147483647       | most    |
        | int-53        | integer | 1       | 9007199254740991 | most    |
        | page-size     | float   | 0.1     | 25.0             | normal  |

    Scenario Outline: A disabled <type> flag that names no variation leaves the answer to the code (2.2.5)
      When the <type> flag "<flag>" is evaluated with the default <default>
      Then the value is <default>
      And there is no variant
      And the reason is "DISABLED"
      And there is no error

      Examples:
        | flag             | type    | default |
        | disabled-boolean | boolean | true    |
        | disabled-boolean | boolean | false   |
        | disabled-string  | string  | "bye"   |
        | disabled-number  | integer | 7       |
        | disabled-number  | float   | 0.7     |

    Scenario: Metadata of the flag come with the details (1.4.14, 2.2.9)
      When the boolean flag "new-checkout" is evaluated with the default false
      Then the flag metadata has a number "version"

  Rule: The context decides (1.3.1, 2.2.1)

    Scenario: A context that no rule looks at changes nothing
      Given the invocation context has the targeting key "user-2"
      When the string flag "greeting" is evaluated with the default "bye"
      Then the value is "hello"
      And there is no error

    Scenario Outline: A rule that matches, does not match, or lacks what it looks at
      Given the invocation context is <context>
      When the string flag "audience" is evaluated with the default "none"
      Then the value is <value>
      And the reason is "<reason>"
      And there is no error

      Examples:
        | context                                                              | value    | reason          |
        | {"email": "ada@example.com"}                                         | "staff"  | TARGETING_MATCH |
        | {"email": "ada@elsewhere.com"}                                       | "public" | DEFAULT         |
        | {"email": null}                                                      | "public" | DEFAULT         |
        | {"email": 7}                                                         | "public" | DEFAULT         |
        | {}                                                                   | "public" | DEFAULT         |
        | {"plan": "pro", "age": 65, "customer": true}                         | "senior" | TARGETING_MATCH |
        | {"plan": "pro", "age": 64, "customer": true}                         | "public" | DEFAULT         |
        | {"account": {"tier": "gold"}}                                        | "gold"   | TARGETING_MATCH |

    Scenario Outline: The targeting key
      Given the invocation context has the targeting key "<key>"
      When the boolean flag "only-ada" is evaluated with the default false
      Then the value is <value>

      Examples:
        | key | value |
        | ada | true  |
        | bob | false |

  Rule: What goes wrong gives the default and an error code (1.4.8 to 1.4.10, 1.4.13, 2.2.6)

    Scenario Outline: A flag that does not exist
      When the <type> flag "no-such-flag" is evaluated with the default <default>
      Then the value is <default>
      And there is no variant
      And the reason is "ERROR"
      And the error code is "FLAG_NOT_FOUND"
      And the error message is not empty

      Examples:
        | type    | default  |
        | boolean | true     |
        | string  | "bye"    |
        | integer | 7        |
        | float   | 0.7      |
        | object  | {"n": 0} |

    Scenario Outline: A flag of another type
      When the <type> flag "<flag>" is evaluated with the default <default>
      Then the value is <default>
      And the reason is "ERROR"
      And the error code is "TYPE_MISMATCH"

      Examples:
        | flag         | type    | default  |
        | greeting     | boolean | false    |
        | greeting     | integer | 1        |
        | greeting     | float   | 0.1      |
        | greeting     | object  | {"n": 0} |
        | new-checkout | string  | "bye"    |
        | new-checkout | integer | 1        |
        | new-checkout | float   | 0.1      |
        | page-size    | boolean | false    |
        | page-size    | string  | "bye"    |
        | layout       | boolean | false    |
        | layout       | string  | "bye"    |
        | layout       | integer | 1        |
        | layout       | float   | 0.1      |

    Scenario: A fraction is not cut down to an integer
      When the integer flag "discount" is evaluated with the default 1
      Then the value is 1
      And the error code is "TYPE_MISMATCH"
