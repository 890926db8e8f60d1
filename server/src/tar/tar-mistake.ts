/** Why something is no archive that can be read. The message can end a sentence. */
export class TarMistake extends Error {
  override readonly name = 'TarMistake';
}
