/** Images are below this prefix of a bucket, beside `sources`, `charts`, `logs` and `owner`. */
export const IMAGES = 'images';
