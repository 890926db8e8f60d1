/** What the steps of a build see, but no image keeps: it comes from the operator, not from the Dockerfile. */
export type Surroundings = {
  /** Of each RUN; the names that end in `_proxy` are the builder's own too, for ADD of an address. */
  environment?: Record<string, string>;
  /** Certificates in PEM that RUN and ADD trust, instead of those of image and builder. */
  authorities?: string;
};
