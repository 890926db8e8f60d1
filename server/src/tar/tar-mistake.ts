/** Why a text is not a readable archive. The message can end a sentence. */
export class TarMistake extends Error {
  override readonly name = 'TarMistake';
}
