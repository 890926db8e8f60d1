/** A call as code samples write it: parameters in wire form, all strings. */
export interface SampledCall {
  action: string;
  version: string;
  params: readonly (readonly [name: string, value: string])[];
  /** `http://host:port` */
  endpoint: string;
}
