import type { DockerfileLines } from '#build/build.ts';
import type { TextEdit, TextPosition } from './dockerfile-places.ts';

/** An image that a Dockerfile names. */
export interface NamedImage {
  /** As written, arguments expanded. */
  image: string;
  platform: string;
  /** A FROM names it: its ONBUILD applies, and it must be for that platform. Other images need no platform. */
  isBase: boolean;
  /** Where it is named first. */
  dockerfile: DockerfileLines;
}

/** A path of the source, without wildcards. */
export interface NamedSource {
  path: string;
  /** Where it is named first. */
  dockerfile: DockerfileLines;
}

/** What the runner must know about a Dockerfile before the sandbox builds it. */
export interface DockerfilePlan {
  /** The images of FROM, `COPY --from=` and `RUN --mount=from=` in the stages to build; each once per platform. */
  images: NamedImage[];
  /** The build contexts that it names, each once per platform, by the builder's name for them. */
  contexts: NamedImage[];
  /** What has to be in the source, although the builder would not miss it. */
  sources: NamedSource[];
  /** The ids of `RUN --mount=type=secret`, each once. */
  secretIds: string[];
  stages: PlannedStage[];
  /** The platforms that programs run on. */
  stepPlatforms: string[];
  /** Where an image has the same name as a stage: the builder would use the image for that stage too. */
  shadowed: BaseName[];
  /** What the builder reads otherwise than the Dockerfile says. */
  edits: TextEdit[];
}

/** A stage as the builder will report it. */
export interface PlannedStage {
  /** In lower case; undefined if unnamed. */
  name?: string | undefined;
  /** What its steps run on; undefined if it differs for each platform of the build. */
  platform?: string | undefined;
  startsFromImage: boolean;
}

/** Where a FROM names its image: one position, unless the line is continued within the name. */
export interface BaseName {
  image: string;
  places: TextPosition[];
}

/** The Dockerfile of a source. */
export interface SourceDockerfile {
  path: string;
  text: string;
}
