/** Reading a slip's QR code from a photograph, in the page. */
import jsQR from "jsqr";

const LARGEST_SIDE = 1600; // pixels; more takes long on a phone and reads no better

/** Let the photo field of the page call its listener with what a code says, or with null where none is found. */
export function preparePhoto(parts) {
  const field = parts.get("slip-photo");
  field.addEventListener("change", async () => {
    const [file] = field.files;
    field.value = "";
    if (file) field.dispatchEvent(new CustomEvent("read", { detail: await readCode(file) }));
  });
}

/** Return what the QR code on a photograph says, or null. */
async function readCode(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
    const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    drawing.drawImage(picture, 0, 0, width, height);
    return jsQR(drawing.getImageData(0, 0, width, height).data, width, height)?.data ?? null;
  } catch {
    return null; // no picture that this browser can read
  }
}
