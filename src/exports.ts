/** What the page's and Node's public faces have in common. */
export type { ArgumentBounds, Bounds, Scalar } from './capability/bounds';
export {
  attribute,
  type Capability,
  capability,
  type Declared,
  type KindMembers,
  ObjectKind,
  objectMethod,
} from './capability/capability';
export { typeHints } from './capability/description';
export { combine, type FacetOptions, facet } from './capability/facet';
export {
  type Manifest,
  type ManifestBudget,
  type ManifestRule,
  parseManifest,
} from './capability/manifest';
export {
  type AppliedManifest,
  applyManifest,
  type ManifestOptions,
  policyFrom,
} from './capability/manifest-policy';
export { type Cost, Meter, type MeterOptions, meter } from './capability/meter';
export {
  type Access,
  Attribute,
  type Call,
  type HostFunction,
  type Invoke,
  Method,
  method,
} from './capability/method';
export { type Network, type NetworkOptions, network } from './capability/network';
export type { NetworkRule } from './capability/network-rules';
export {
  allOf,
  allowAll,
  anyOf,
  type Decision,
  type DecisionEntry,
  denyAll,
  logged,
  type Policy,
} from './capability/policy';
export { Refusal, type RefusalCode } from './capability/refusal';
export { GuestDate, GuestRecord, type GuestValue } from './capability/value';
export type { HostValue } from './capability/value-type';
export type { AccountOptions, Calls, CallsOptions } from './controller/account';
export { formatCallAsJson, toJsonLines } from './controller/account-json';
export { type AccountedCall, type AccountedValue, Cut } from './controller/accounted-call';
export { type CapabilityUse, capabilityUse } from './controller/capability-use';
export { type Clock, fixedClock } from './controller/clock';
export type { HostCall } from './controller/dispatcher';
export { formatHostCall } from './controller/host-call-text';
export {
  type Budget,
  DEFAULT_LIMITS,
  type Limits,
  type LimitsGiven,
  MINIMUM_HEAP_BYTES,
} from './controller/limits';
export type { GuestError, LimitScope, Outcome, OutcomeStatus } from './controller/outcome';
export { OUTPUT_LIMIT_MARKER, type OutputListener, type OutputStream } from './controller/output';
export type { LoadOptions, LoadProgress } from './controller/python-guest';
export type { Recording, RecordOptions } from './controller/recording';
export type { ReplayLimits, ReplayOptions, ReplayResult } from './controller/replay';
export type { Usage } from './controller/sandbox';
export { type DecodeOptions, type EncodeOptions, SandboxImage } from './controller/sandbox-image';
export type {
  EvaluateOptions,
  ForkOptions,
  InterruptOptions,
  RestartOptions,
  RestoreOptions,
  RunOptions,
  SandboxOptions,
  SnapshotOptions,
} from './controller/sandbox-options';
export type { PoolOptions } from './controller/sandbox-pool';
export type { StdinSource } from './controller/stdin';
export { Trace, type TraceDecodeOptions } from './controller/trace';
export type { AssistTask, Program } from './controller/turn';
export type { WarmUpOptions } from './controller/warm-up';
export type { ProgramOptions, WasiProgram } from './controller/wasi-program';
export type { BudgetName, Used } from './controller/watchdog';
export { textOutput } from './controller/whole-text';
export * as errors from './errors';
export { FileError } from './protocol/errno';
export { VolumeLimitError } from './volume/limits';
export {
  MemoryVolume,
  type MemoryVolumeEntries,
  type MemoryVolumeOptions,
} from './volume/memory-volume';
export { type OverlayChange, type OverlayOptions, OverlayVolume } from './volume/overlay-volume';
export type { QuotaOptions } from './volume/tree-volume';
export type {
  Attributes,
  ChangeListener,
  DirectoryEntry,
  Inode,
  NodeKind,
  TimesChange,
  Volume,
  VolumeChange,
  VolumeUsage,
} from './volume/volume';
export { type FileInfo, VolumeFiles, type WriteOptions } from './volume/volume-files';
export { ZipError, type ZipErrorCode } from './volume/zip-error';
export { exportZip, exportZipBlob } from './volume/zip-export';
export { importZip, type ZipImportOptions, type ZipImportProgress } from './volume/zip-import';
export { type LazyArchive, ZipVolume, type ZipVolumeOptions } from './volume/zip-volume';
