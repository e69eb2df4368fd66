import { Button, Text } from "@mantine/core";
import { errorsUnder } from "../../../api/problem";
import type { FieldError, Flag } from "../../../api/types";
import { Panel } from "../../../components/Panel";
import { attributesOf } from "../../../domain/attributes";
import { byExpression, type ConfigDraft } from "../../../domain/configDraft";
import { RulesEditor } from "./RulesEditor";
import { ServeEditor } from "./ServeEditor";
import { TargetsEditor } from "./TargetsEditor";

interface Props {
  flag: Flag;
  draft: ConfigDraft;
  errors: readonly FieldError[];
  segments: string[];
  disabled: boolean;
  onChange: (part: Partial<ConfigDraft>) => void;
}

/** RulesAndShares decides by rules, percentages and targets, which an expression may take the place of. */
export function RulesAndShares({ flag, draft, errors, segments, disabled, onChange }: Props) {
  const variations = flag.variations.map(({ key }) => key);
  const serving = { variations, off: draft.offVariation, disabled };
  const simple = draft.rules.length === 0 && draft.targets.length === 0;
  return (
    <>
      <RulesEditor
        {...serving}
        rules={draft.rules}
        errors={errorsUnder(errors, "/rules")}
        context={{ attributes: attributesOf(draft.rules), segments, disabled }}
        onChange={(rules) => onChange({ rules })}
      />
      <Panel title="Everyone else">
        <ServeEditor
          {...serving}
          label="Everyone else"
          serve={draft.fallthrough}
          errors={errorsUnder(errors, "/fallthrough")}
          onChange={(fallthrough) => onChange({ fallthrough })}
        />
        {simple && !disabled && (
          <Text size="sm" c="dimmed" mt="xs">
            More than rules can say?{" "}
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => onChange(byExpression(draft.fallthrough.variation ?? variations[0] ?? ""))}
            >
              Decide by an expression
            </Button>
          </Text>
        )}
      </Panel>
      <Panel title="Targets">
        <TargetsEditor
          targets={draft.targets}
          variations={variations}
          errors={errorsUnder(errors, "/targets")}
          disabled={disabled}
          onChange={(targets) => onChange({ targets })}
        />
      </Panel>
    </>
  );
}
