/** Photos drawn anew, so that neither place nor camera goes into a report, and small enough for one. */
const LONGEST_SIDE = 1600;
const LARGEST = 500 * 1024;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];

/** This file is not a photo that the browser can read. */
export class NotAPhoto extends Error {}

/** Return the bytes of a JPEG of at most 500 KB. */
export async function redraw(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new NotAPhoto();
  });
  for (let side = LONGEST_SIDE; ; side /= 2) {
    const canvas = draw(picture, side);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= LARGEST) return new Uint8Array(await blob.arrayBuffer());
    }
  }
}

function draw(picture, longestSide) {
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
