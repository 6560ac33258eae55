import { openLayout } from "../../src/oci-layout/layout.ts";
import { image, pushImage } from "../oci/sample-graph.ts";

/** Pushes `count` manifests into a layout, tagged `<name><number>`: run as a process of its own. */
const [directory = "", name = "", count = "0"] = process.argv.slice(2);
const target = openLayout(directory);
for (let number = 0; number < Number(count); number += 1) {
  await pushImage(target, image({ layers: [Buffer.from(`${name}${number}`)] }), `${name}${number}`);
}
