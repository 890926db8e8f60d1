/** What the steps of a build see but no image keeps: it comes from the operator, not from the Dockerfile. */
export interface Surroundings {
  /**
   * Environment variables of each RUN. Those whose names end in `_proxy` also apply to the builder itself, for ADD of
   * an address.
   */
  environment?: Record<string, string>;
  /** Certificates in PEM that RUN and ADD trust, instead of those of image and builder. */
  authorities?: string;
}
