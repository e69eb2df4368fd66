import { parseJSON } from "../domain/exactJSON";
import type { Change } from "./types";

export type StreamState = "connecting" | "open" | "lost";

interface Handlers {
  onState: (state: StreamState) => void;
  onChange: (change: Change) => void;
  /** Anything may have changed: the stream was away for a while. */
  onResync: () => void;
}

const firstRetry = 1_000;
const lastRetry = 15_000;
/** A browser keeps six connections to a host over HTTP/1.1: tabs that nobody looks at must not hold one each. */
const hiddenFor = 10_000;

/**
 * ProjectStream is the event stream of one project. EventSource reconnects by itself, except after an error status:
 * then it is opened anew, later and later. It is closed while its tab is hidden, and opened when the tab is seen again.
 */
export class ProjectStream {
  private source: EventSource | undefined;
  private retryTimer: number | undefined;
  private hiddenTimer: number | undefined;
  private retryIn = firstRetry;
  private missed = false;

  constructor(
    private readonly project: string,
    private readonly handlers: Handlers,
  ) {
    document.addEventListener("visibilitychange", this.onVisibility);
    handlers.onState("connecting");
    this.open();
    if (document.hidden) {
      this.onVisibility();
    }
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    window.clearTimeout(this.hiddenTimer);
    this.disconnect();
  }

  private open(): void {
    this.source = new EventSource(`/api/v1/projects/${encodeURIComponent(this.project)}/events`);
    this.source.addEventListener("change", (event) => this.handlers.onChange(parseJSON(event.data) as Change));
    this.source.addEventListener("resync", this.handlers.onResync);
    this.source.onopen = () => {
      this.retryIn = firstRetry;
      this.handlers.onState("open");
      if (this.missed) {
        this.missed = false;
        this.handlers.onResync();
      }
    };
    this.source.onerror = () => {
      this.missed = true;
      this.handlers.onState("lost");
      if (this.source?.readyState === EventSource.CLOSED) {
        this.retryTimer = window.setTimeout(() => this.open(), this.retryIn);
        this.retryIn = Math.min(this.retryIn * 2, lastRetry);
      }
    };
  }

  private disconnect(): void {
    window.clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = undefined;
  }

  private readonly onVisibility = () => {
    window.clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = window.setTimeout(() => {
        this.missed = true;
        this.disconnect();
      }, hiddenFor);
    } else if (!this.source) {
      this.open();
    }
  };
}
