/** The one part of iconv-lite that is used; its own types cover only the package's entry point. */
declare module 'iconv-lite/encodings/dbcs-codec.js' {
  interface Codec {
    encoder: new (options: object, codec: Codec) => { write(text: string): Buffer; end(): Buffer | undefined };
    decoder: new (options: object, codec: Codec) => { write(bytes: Uint8Array): string; end(): string };
  }
  interface Options {
    encodingName: string;
    table(): ReadonlyArray<ReadonlyArray<string | number>>;
    encodeAdd: Record<string, number>;
    encodeSkipVals: { from: number; to: number }[];
  }
  const codec: {
    _dbcs: new (options: Options, defaults: { defaultCharUnicode: string; defaultCharSingleByte: string }) => Codec;
  };
  export default codec;
}
