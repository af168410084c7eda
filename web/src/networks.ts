// Things and the links between them: as a network in layers, or as a flow.
import type { Colours } from "./colours";
import { fold } from "./labels";
import { order, type Placed } from "./layers";

export interface Node {
  id: string;
  label: string;
  kind: number;
  title: string;
  url: string;
}

export interface Link {
  source: string;
  target: string;
  label: string;
  value: number;
}

export interface LinkData {
  nodes: Node[];
  links: Link[];
}

const NARROW = 600; // pixels
const WIDE_GRID = { row: 36, column: 168, lines: 2, size: 13 }; // lines of a label, in letters of a size
const NARROW_GRID = { row: 46, column: 118, lines: 3, size: 12 };
const FLOW_ROW = 52;
const LEAST = 160;
const CIRCLE = 560;
const LEFT = 22;
const TOP = 20;

/** Give a chart the room that its layers need; a figure that is too wide for a phone scrolls. */
export function makeRoom(data: LinkData, box: HTMLElement, view: string): void {
  const placed = view === "network" ? order(data) : null;
  const columns = placed?.columns ?? (view === "flow" ? countColumns(data).size : 2);
  const grid = gridOf(box);
  box.style.minWidth = `${columns * grid.column}px`;
  const rows = placed?.rows ?? Math.max(...countColumns(data).values());
  const row = view === "flow" ? FLOW_ROW : grid.row;
  const isCircle = view === "network" && !placed;
  box.style.height = `${isCircle ? CIRCLE : Math.max(LEAST, rows * row + 40)}px`;
}

export function drawNetwork(data: LinkData, colours: Colours, box: HTMLElement): object {
  const placed = order(data);
  const room = placed ? box.clientWidth / placed.columns - 44 : 170;
  const spread = placed && spreadOut(placed, box, room);
  const { lines, size } = gridOf(box);
  return {
    tooltip: { formatter: (event: { data: Partial<Node & Link> }) => tell(event.data, data) },
    series: [
      {
        type: "graph",
        layout: placed ? "none" : "circular",
        circular: { rotateLabel: true },
        roam: false,
        ...(spread?.frame ?? { left: "28%", right: "28%", top: "24%", bottom: "24%" }),
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        lineStyle: { color: colours.soft, opacity: 0.5, curveness: placed ? 0.06 : 0.3 },
        emphasis: { focus: "adjacency", lineStyle: { opacity: 1, width: 2 } },
        label: {
          show: true,
          position: "right",
          color: colours.ink,
          fontSize: size,
          lineHeight: size + 2,
          backgroundColor: colours.sheet, // a link passes behind a name, not through it
          padding: [1, 3],
          formatter: (event: { data: Node }) => fold(event.data.label, room, lines, box, size),
        },
        data: data.nodes.map((node) => ({
          ...node,
          ...spread?.at.get(node.id),
          name: node.id,
          symbolSize: 11,
          itemStyle: { color: colours.kinds[node.kind % colours.kinds.length] },
        })),
        links: data.links.map((link) => ({ ...link })),
      },
    ],
  };
}

/** Give nodes places in pixels, and a frame as large as what they span: so nothing is distorted. */
function spreadOut(placed: Placed, box: HTMLElement, room: number): { at: Placed["at"]; frame: object } {
  const width = box.clientWidth - LEFT - room - 20;
  const height = box.clientHeight - 2 * TOP;
  const at = new Map(
    [...placed.at].map(([id, { x, y }]) => [id, { x: x * width, y: y * height }] as const),
  );
  const ys = [...at.values()].map(({ y }) => y);
  const [least, most] = [Math.min(...ys), Math.max(...ys)];
  const frame = { left: LEFT, top: TOP + least, width, height: Math.max(1, most - least) };
  return { at, frame };
}

function countColumns(data: LinkData): Map<number, number> {
  const columns = new Map<number, number>();
  for (const { kind } of data.nodes) columns.set(kind, (columns.get(kind) ?? 0) + 1);
  return columns;
}

export function drawFlow(data: LinkData, colours: Colours, box: HTMLElement): object {
  const columns = [...countColumns(data).keys()].sort((a, b) => a - b);
  const room = box.clientWidth / columns.length - 44;
  const { lines, size } = gridOf(box);
  return {
    tooltip: { formatter: (event: { data: Partial<Node & Link> }) => tell(event.data, data) },
    series: [
      {
        type: "sankey",
        left: 12,
        right: room + 10,
        top: 16,
        bottom: 16,
        nodeWidth: 12,
        nodeGap: 18,
        nodeAlign: "left",
        draggable: false,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "gradient", opacity: 0.3, curveness: 0.5 },
        label: {
          color: colours.ink,
          fontSize: size,
          lineHeight: size + 2,
          textBorderColor: colours.sheet,
          textBorderWidth: 4,
          formatter: (event: { data: Node }) => fold(event.data.label, room, lines, box, size),
        },
        data: data.nodes.map((node) => ({
          ...node,
          name: node.id,
          depth: columns.indexOf(node.kind),
          itemStyle: { color: colours.kinds[node.kind % colours.kinds.length] },
        })),
        links: data.links.map((link) => ({ ...link })),
      },
    ],
  };
}

function gridOf(box: HTMLElement): typeof WIDE_GRID {
  return box.clientWidth < NARROW ? NARROW_GRID : WIDE_GRID;
}

function tell(item: Partial<Node & Link>, data: LinkData): string {
  if (item.source === undefined) return [item.label, item.title].filter(Boolean).join("\n");
  const name = (id: string | undefined): string =>
    data.nodes.find((node) => node.id === id)?.label ?? "";
  return `${name(item.source)}\n→ ${item.label ? `${item.label} ` : ""}${name(item.target)}`;
}
