/** NumberLimits is what a field takes. */
export interface NumberLimits {
  min?: number | undefined;
  max?: number | undefined;
  /** How many decimals may stand behind the point; any number of them unless given. */
  decimals?: number | undefined;
  /** Whether something has to stand there. */
  required?: boolean | undefined;
}

/** TypedNumber is what stands in a field: a number, nothing (undefined), or what is no number yet (NaN) and why. */
export interface TypedNumber {
  value: number | undefined;
  fault?: string;
}

const plain = /^-?(\d+(\.\d*)?|\.\d+)$/;

/** readNumber reads what stands in a field. It gives a number only where exactly that number stands there. */
export function readNumber(typed: string | number, limits: NumberLimits = {}): TypedNumber {
  const text = String(typed).trim();
  if (text === "") {
    return limits.required ? unread("A number is missing.") : { value: undefined };
  }
  const value = Number(text);
  if (!plain.test(text) && typeof typed === "string") {
    return unread("A number.");
  }
  if (typeof typed === "string" && losesDigits(text, value)) {
    return unread("More digits than a number keeps.");
  }
  const fault = outside(value, limits);
  return fault ? unread(fault) : { value };
}

function unread(fault: string): TypedNumber {
  return { value: Number.NaN, fault };
}

function outside(value: number, { min, max, decimals }: NumberLimits): string | undefined {
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    const range =
      min === undefined ? `At most ${max}` : max === undefined ? `At least ${min}` : `From ${min} to ${max}`;
    return `${range}.`;
  }
  if (decimals !== undefined && Number(value.toFixed(decimals)) !== value) {
    return decimals === 0 ? "A whole number." : `At most ${decimals} decimals.`;
  }
  return undefined;
}

/** losesDigits tells whether the number differs from the one that was typed. */
function losesDigits(text: string, value: number): boolean {
  const digits = significant(text);
  return digits.length > 15 && digits !== significant(String(value));
}

/** significant gives the digits of a number without the zeros before and behind them. */
function significant(text: string): string {
  const [mantissa = ""] = text.toLowerCase().split("e");
  const whole = mantissa.includes(".") ? mantissa.replace(/0+$/, "") : mantissa;
  return whole.replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
}

/** trimZeros removes the zeros before a number: 075 is 75. */
export function trimZeros(typed: string): string {
  return typed.replace(/^(-?)0+(?=\d)/, "$1");
}

const grouped = /^-?\d{1,3}([ \u00a0\u202f'’_]\d{3})+([.,]\d+)?$/;

/**
 * pastedNumber gives the number in a pasted text, without what stands around it: "75 %", "0,5", "1 000". It gives nothing
 * where the text is not one number, so that no digits are picked out of other text.
 */
export function pastedNumber(pasted: string): string | undefined {
  let text = pasted.trim().replace(/\s*%$/, "").replace(/^\+/, "").replace(/^−/, "-");
  if (grouped.test(text)) {
    text = text.replace(/[ \u00a0\u202f'’_]/g, "");
  }
  text = text.replace(/^(-?\d*),(\d+)$/, "$1.$2");
  return plain.test(text) ? trimZeros(text) : undefined;
}
