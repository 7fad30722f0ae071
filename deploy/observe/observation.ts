/** What goes to the observing Worker and comes back, in JSON. */
export interface ObserveBody {
  task: string;
  inputs: readonly ObservedInput[];
}

/** An image is a file, in base64. */
export type ObservedInput = { text: string } | { first: string; second: string } | { image: string };

/** Of one input: by ramp, and last of the full model. */
export interface Observation {
  confidences: readonly number[];
  /** Places in the task's labels. */
  labels: readonly number[];
}
