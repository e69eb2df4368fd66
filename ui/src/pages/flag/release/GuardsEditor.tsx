import { ActionIcon, Fieldset, Group, Input, Select, Stack, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { errorAt, errorsUnder } from "../../../api/problem";
import type { FieldError, ReleaseGuard } from "../../../api/types";
import { AddButton } from "../../../components/AddButton";
import { NumberField } from "../../../components/NumberField";
import { compares } from "../../../domain/guard";
import classes from "./GuardsEditor.module.css";

interface Props {
  guards: readonly ReleaseGuard[];
  errors: readonly FieldError[];
  onChange: (guards: ReleaseGuard[]) => void;
}

const kinds = [
  { value: "rate", label: "rate: events per other events" },
  { value: "mean", label: "mean of the values of events" },
  { value: "quantile", label: "quantile of the values of events" },
  { value: "prometheus", label: "value of a Prometheus query" },
  { value: "web", label: "answer of a web address" },
];

const missingChoices = [
  { value: "hold", label: "wait" },
  { value: "pause", label: "pause the release" },
  { value: "ignore", label: "go on" },
];

/** GuardsEditor edits what the release must not worsen. */
export function GuardsEditor({ guards, errors, onChange }: Props) {
  return (
    <Input.Wrapper label="Guards" labelElement="div" error={errorAt(errors, "")}>
      <Stack gap={8}>
        {guards.map((guard, index) => (
          <GuardFields
            key={index}
            legend={`Guard ${index + 1}`}
            guard={guard}
            errors={errorsUnder(errors, `/${index}`)}
            onChange={(changed) => onChange(guards.map((old, at) => (at === index ? changed : old)))}
            onRemove={() => onChange(guards.filter((_, at) => at !== index))}
          />
        ))}
        <div>
          <AddButton onClick={() => onChange([...guards, { name: "errors", kind: "rate", metric: "", per: "" }])}>
            Guard
          </AddButton>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}

interface FieldsProps {
  legend: string;
  guard: ReleaseGuard;
  errors: readonly FieldError[];
  onChange: (guard: ReleaseGuard) => void;
  onRemove: () => void;
}

function GuardFields({ legend, guard, errors, onChange, onRemove }: FieldsProps) {
  const put = (part: Partial<ReleaseGuard>) => onChange({ ...guard, ...part });
  const text = (field: "name" | "metric" | "per" | "query" | "url" | "pointer", label: string, placeholder = "") => (
    <TextInput
      flex={1}
      label={label}
      placeholder={placeholder}
      value={guard[field] ?? ""}
      error={errorAt(errors, `/${field}`)}
      onChange={(event) => put({ [field]: event.currentTarget.value || (field === "name" ? "" : undefined) })}
    />
  );
  return (
    <Fieldset legend={legend} p="xs">
      <Stack gap={6}>
        <Group gap={6} align="flex-end" wrap="nowrap">
          {text("name", "Name")}
          <ActionIcon aria-label={`Remove ${legend.toLowerCase()}`} onClick={onRemove} mb={4}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
        <Select
          label="Measures"
          allowDeselect={false}
          data={kinds}
          value={guard.kind}
          error={errorAt(errors, "/kind")}
          onChange={(kind) => onChange(ofKind(guard, kind as ReleaseGuard["kind"]))}
        />
        {compares(guard) && text("metric", "Event", "checkout.error")}
        {guard.kind === "rate" && text("per", "Per event", "checkout.attempt")}
        {guard.kind === "prometheus" && text("query", "PromQL", "sum(rate(…))")}
        {guard.kind === "web" && text("url", "Address", "https://…")}
        {guard.kind === "web" && text("pointer", "JSON pointer (without: the status)", "/healthy")}
        <GuardNumbers guard={guard} errors={errors} put={put} />
        <Select
          label="If too little is measured for the next step"
          allowDeselect={false}
          data={missingChoices}
          value={guard.missingData ?? "hold"}
          error={errorAt(errors, "/missingData")}
          onChange={(missingData) => put({ missingData: missingData as ReleaseGuard["missingData"] })}
        />
      </Stack>
    </Fieldset>
  );
}

interface NumbersProps {
  guard: ReleaseGuard;
  errors: readonly FieldError[];
  put: (part: Partial<ReleaseGuard>) => void;
}

function GuardNumbers({ guard, errors, put }: NumbersProps) {
  return (
    <div className={classes.numbers}>
      {guard.kind === "quantile" && (
        <NumberField
          label="Quantile"
          placeholder="0.95"
          step={0.01}
          min={0}
          max={1}
          value={guard.quantile}
          error={errorAt(errors, "/quantile")}
          onChange={(quantile) => put({ quantile })}
        />
      )}
      <Select
        label="Better"
        allowDeselect={false}
        data={["lower", "higher"]}
        value={guard.better ?? "lower"}
        error={errorAt(errors, "/better")}
        onChange={(better) => put({ better: better as ReleaseGuard["better"] })}
      />
      {compares(guard) ? (
        <NumberField
          label="Tolerated"
          suffix=" %"
          min={0}
          max={1_000_000}
          decimals={6}
          value={guard.tolerance === undefined ? undefined : Number((guard.tolerance * 100).toPrecision(12))}
          placeholder="0 %"
          error={errorAt(errors, "/tolerance")}
          onChange={(percent) => put({ tolerance: percent === undefined ? undefined : percent / 100 })}
        />
      ) : (
        <NumberField
          label="Threshold"
          value={guard.threshold}
          error={errorAt(errors, "/threshold")}
          onChange={(threshold) => put({ threshold })}
        />
      )}
      {compares(guard) && (
        <NumberField
          label="Sample"
          placeholder="100"
          min={1}
          decimals={0}
          value={guard.minSample}
          error={errorAt(errors, "/minSample")}
          onChange={(minSample) => put({ minSample })}
        />
      )}
      <Select
        label="If worse"
        allowDeselect={false}
        data={["revert", "pause"]}
        value={guard.onBreach ?? "revert"}
        error={errorAt(errors, "/onBreach")}
        onChange={(onBreach) => put({ onBreach: onBreach as ReleaseGuard["onBreach"] })}
      />
    </div>
  );
}

/** ofKind changes the kind of a guard. It keeps the fields that the other kind has too. */
function ofKind(
  { name, metric, better, onBreach, missingData, tolerance, minSample }: ReleaseGuard,
  kind: ReleaseGuard["kind"],
): ReleaseGuard {
  const common = { name, kind, better, onBreach, missingData };
  return compares({ kind }) ? { ...common, metric, tolerance, minSample } : common;
}
