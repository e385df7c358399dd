/**
 * Shows the photos chosen in a field marked with `data-photos`, and makes large ones smaller before they are sent.
 *
 * `data-photos` is the longest side in pixels. A phone's photo of 8 MB becomes one of some 300 KB, which matters on a
 * slow line. The server checks and reduces every file again, so a browser that cannot do this sends the original.
 */
const QUALITY = 0.82;

export function preparePhotos(scope) {
  for (const field of scope.querySelectorAll("input[type=file][data-photos]:not([data-ready])")) {
    field.dataset.ready = "";
    const list = document.createElement("ul");
    list.className = "photo-chooser";
    field.after(list);
    field.addEventListener("change", () => reduceAndShow(field, list));
  }
}

async function reduceAndShow(field, list) {
  const chosen = [...field.files];
  const photos = await Promise.all(chosen.map((file) => reduce(file, Number(field.dataset.photos))));
  // The choice may have changed while the photos were being reduced.
  if (chosen.length !== field.files.length || chosen.some((file, at) => file !== field.files[at])) return;
  const transfer = new DataTransfer();
  photos.forEach((photo) => transfer.items.add(photo));
  field.files = transfer.files;
  show(photos, list);
}

async function reduce(file, longestSide) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!smaller || smaller.size >= file.size) return file;
    return new File([smaller], file.name.replace(/\.[^.]+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function show(photos, list) {
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren(
    ...photos.map((photo) => {
      const image = document.createElement("img");
      image.className = "photo-chooser__image";
      image.alt = "";
      image.src = URL.createObjectURL(photo);
      const item = document.createElement("li");
      item.className = "photo-chooser__item";
      item.append(image, `${photo.name} (${Math.ceil(photo.size / 1024)} KB)`);
      return item;
    }),
  );
}
