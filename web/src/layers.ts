// Layers: what a link leads to stands to the right of where it begins, and near it.
import type { LinkData } from "./networks";

/** Where the nodes stand, as shares of width and height; how many layers, and the most in one. */
export interface Placed {
  at: Map<string, { x: number; y: number }>;
  columns: number;
  rows: number;
}

const SWEEPS = 8;

/** Place the nodes in layers, by longest path; null where links go in a circle. */
export function order(data: LinkData): Placed | null {
  const layer = findLayers(data);
  if (!layer) return null;
  const layers: string[][] = [];
  for (const { id } of data.nodes) (layers[layer.get(id)!] ??= []).push(id);
  const near = findNeighbours(data);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const ids of sweep % 2 ? [...layers].reverse() : layers) sortByNeighbours(ids, layers, near);
  }
  const rows = Math.max(...layers.map((ids) => ids.length));
  const at = new Map<string, { x: number; y: number }>();
  const last = Math.max(1, layers.length - 1);
  layers.forEach((ids, column) =>
    ids.forEach((id, row) => at.set(id, { x: column / last, y: (row + 0.5) / ids.length })),
  );
  return { at, columns: layers.length, rows };
}

function findLayers(data: LinkData): Map<string, number> | null {
  const layer = new Map(data.nodes.map((node) => [node.id, 0]));
  for (let round = 0; round <= data.nodes.length; round++) {
    let moved = false;
    for (const { source, target } of data.links) {
      const least = layer.get(source)! + 1;
      if (layer.get(target)! < least) {
        layer.set(target, least);
        moved = true;
      }
    }
    if (!moved) return layer;
  }
  return null;
}

function findNeighbours(data: LinkData): Map<string, string[]> {
  const near = new Map<string, string[]>(data.nodes.map((node) => [node.id, []]));
  for (const { source, target } of data.links) {
    near.get(source)!.push(target);
    near.get(target)!.push(source);
  }
  return near;
}

function sortByNeighbours(ids: string[], layers: string[][], near: Map<string, string[]>): void {
  const place = new Map<string, number>();
  for (const each of layers) each.forEach((id, row) => place.set(id, (row + 0.5) / each.length));
  const mean = (id: string): number => {
    const others = near.get(id)!;
    if (!others.length) return place.get(id)!;
    return others.reduce((sum, other) => sum + place.get(other)!, 0) / others.length;
  };
  const key = new Map(ids.map((id) => [id, mean(id)]));
  ids.sort((a, b) => key.get(a)! - key.get(b)!);
}
