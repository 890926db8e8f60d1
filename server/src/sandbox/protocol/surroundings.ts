/** What the steps of a build see though no image keeps it: the operator's, not the Dockerfile's. */
export type Surroundings = {
  /** Of each RUN; the names that end in `_proxy` are the builder's own too, for ADD of an address. */
  environment?: Record<string, string>;
  /** Certificates in PEM that RUN and ADD believe, instead of those of image and builder. */
  authorities?: string;
};
