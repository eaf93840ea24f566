/** What a session is doing. `idle`: nobody has needed Python so far; `spent`: it may use up nothing more. */
export type Activity =
  | 'idle'
  | 'starting'
  | 'ready'
  | 'running'
  | 'input'
  | 'stopping'
  | 'spent'
  | 'failed';

export const ACTIVITY_LABELS: Readonly<Record<Activity, string>> = {
  idle: 'Not started',
  starting: 'Starting Python …',
  ready: 'Ready',
  running: 'Running',
  input: 'Waiting for input',
  stopping: 'Stopping …',
  spent: 'Used up',
  failed: 'Not available',
};

/** Whether something of the user's is going on that can be stopped. */
export function runs(activity: Activity): boolean {
  return activity === 'running' || activity === 'input' || activity === 'stopping';
}
