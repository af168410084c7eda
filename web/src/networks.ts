// Things and the links between them: as a network in layers, or as a flow.
import type { Colours } from "./colours";
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
const ROW = 36;
const FLOW_ROW = 52;
const COLUMN = 168;
const LEAST = 160;
const CIRCLE = 560;
const LINE = 15;
const LEFT = 22;
const TOP = 20;

/** Give a chart the room that its layers need; a figure that is too wide for a phone scrolls. */
export function makeRoom(data: LinkData, box: HTMLElement, view: string): void {
  const placed = view === "network" ? order(data) : null;
  const columns = placed?.columns ?? (view === "flow" ? countColumns(data).size : 2);
  box.style.minWidth = `${columns * COLUMN}px`;
  const rows = placed?.rows ?? Math.max(...countColumns(data).values());
  const row = view === "flow" ? FLOW_ROW : ROW;
  const isCircle = view === "network" && !placed;
  box.style.height = `${isCircle ? CIRCLE : Math.max(LEAST, rows * row + 40)}px`;
}

export function drawNetwork(data: LinkData, colours: Colours, box: HTMLElement): object {
  const placed = order(data);
  const room = placed ? box.clientWidth / placed.columns - 44 : 170;
  const spread = placed && spreadOut(placed, box, room);
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
          fontSize: isNarrow(box) ? 12 : 13,
          lineHeight: LINE,
          textBorderColor: colours.sheet,
          textBorderWidth: 4,
          width: room,
          overflow: "break",
          lineOverflow: "truncate",
          height: 2 * LINE,
          formatter: (event: { data: Node }) => event.data.label,
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
  const room = box.clientWidth / countColumns(data).size - 44;
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
          fontSize: isNarrow(box) ? 11 : 13,
          textBorderColor: colours.sheet,
          textBorderWidth: 4,
          width: room,
          overflow: "break",
          formatter: (event: { data: Node }) => event.data.label,
        },
        data: data.nodes.map((node) => ({
          ...node,
          name: node.id,
          depth: node.kind,
          itemStyle: { color: colours.kinds[node.kind % colours.kinds.length] },
        })),
        links: data.links.map((link) => ({ ...link })),
      },
    ],
  };
}

function isNarrow(box: HTMLElement): boolean {
  return box.clientWidth < NARROW;
}

function tell(item: Partial<Node & Link>, data: LinkData): string {
  if (item.source === undefined) return [item.label, item.title].filter(Boolean).join("\n");
  const name = (id: string | undefined): string =>
    data.nodes.find((node) => node.id === id)?.label ?? "";
  return `${name(item.source)}\n→ ${item.label ? `${item.label} ` : ""}${name(item.target)}`;
}
