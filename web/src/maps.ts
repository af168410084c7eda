// A schematic map: points by longitude and latitude, arcs from the helper, no boundaries.
import type { Colours } from "./colours";

interface Place {
  label: string;
  at: [number, number];
  url: string;
}

export interface MapData {
  points: (Place & { things: string[] })[];
  source: Place | null;
  seats: { label: string; at: [number, number]; province: boolean }[];
}

// A degree of longitude is as much shorter than one of latitude at 38° north.
const SQUEEZE = Math.cos((38 * Math.PI) / 180);
const MARGIN = 0.9; // degrees
const LEAST = { across: 8, up: 5 }; // degrees: what lies close together is told apart, amid its surroundings
const TALLEST = 560; // pixels
const NAME = 60; // pixels: what lies nearer to an edge has no room for its name

export function drawMap(data: MapData, colours: Colours, box: HTMLElement): object {
  const [west, east] = span(data.points.map(({ at }) => at[0]), LEAST.across);
  const [south, north] = span(data.points.map(({ at }) => at[1]), LEAST.up);
  const width = box.clientWidth || 800;
  const height = Math.min(TALLEST, (width * (north - south)) / ((east - west) * SQUEEZE));
  box.style.height = `${height}px`;
  const frame = fit(west, east, south, north, width / height);
  const source = data.source && { ...data.source, at: bring(data.source.at, frame) };
  const edge = ((frame.max[0] - frame.min[0]) * NAME) / width;
  const inside = (at: [number, number]): boolean =>
    at[0] > frame.min[0] + edge && at[0] < frame.max[0] - edge && at[1] > frame.min[1] && at[1] < frame.max[1];
  const label = { show: true, color: colours.ink, textBorderColor: colours.sheet, textBorderWidth: 3 };
  return {
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: { type: "value", show: false, min: frame.min[0], max: frame.max[0] },
    yAxis: { type: "value", show: false, min: frame.min[1], max: frame.max[1] },
    series: [
      {
        type: "scatter",
        silent: true,
        symbolSize: 4,
        itemStyle: { color: colours.soft },
        label: { show: true, position: "bottom", distance: 3, color: colours.soft, fontSize: 11,
          formatter: (event: { name: string }) => event.name },
        labelLayout: { hideOverlap: true },
        data: data.seats.filter((seat) => inside(seat.at)
            && !data.points.some((p) => p.at[0] === seat.at[0] && p.at[1] === seat.at[1]))
          .map((seat) => ({ name: seat.label, value: seat.at })),
        z: 1,
      },
      {
        type: "lines",
        coordinateSystem: "cartesian2d",
        silent: true,
        symbol: ["none", "arrow"],
        symbolSize: 8,
        lineStyle: { color: colours.kinds[1], width: 1.6, opacity: 0.7, curveness: 0.18 },
        data: source
          ? data.points.map((point) => ({ coords: [source!.at, point.at] }))
          : [],
        z: 2,
      },
      {
        type: "scatter",
        symbolSize: (_: unknown, event: { data: { things: string[] } }) =>
          10 + 4 * Math.sqrt(event.data.things.length),
        itemStyle: { color: colours.kinds[0], borderColor: colours.sheet, borderWidth: 1.5 },
        label: { ...label, position: "right", fontSize: 13, formatter: (event: { name: string }) => event.name },
        labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
        data: data.points.map((point) => ({ ...point, name: point.label, value: point.at })),
        tooltip: { formatter: (event: { data: { label: string; things: string[] } }) =>
          [event.data.label, ...event.data.things.slice(0, 12).map((thing) => `· ${thing}`)].join("\n") },
        z: 4,
      },
      {
        type: "scatter",
        symbol: "diamond",
        symbolSize: 16,
        itemStyle: { color: colours.kinds[1] },
        // Above the arcs that begin here, and within the edge that it stands at.
        label: { ...label, position: "left", offset: [14, -16], fontWeight: 600, formatter: (event: { name: string }) => event.name },
        data: source
          ? [{ ...source, name: source.label, value: source.at }]
          : [],
        tooltip: { formatter: (event: { name: string }) => event.name },
        z: 3,
      },
    ],
  };
}

/** The range of the values with a margin, and at least so wide. */
function span(values: number[], least: number): [number, number] {
  const [low, high] = [Math.min(...values) - MARGIN, Math.max(...values) + MARGIN];
  const lacking = Math.max(0, least - (high - low)) / 2;
  return [low - lacking, high + lacking];
}

/** Bring a point that lies outside the frame to its edge, on the way to the middle. */
function bring(at: [number, number], frame: Frame): [number, number] {
  const middle = [0, 1].map((axis) => (frame.min[axis]! + frame.max[axis]!) / 2);
  const share = [0, 1].map((axis) => {
    const half = (frame.max[axis]! - frame.min[axis]!) / 2;
    return (half * 0.95) / Math.max(Math.abs(at[axis]! - middle[axis]!), half * 0.95);
  });
  const least = Math.min(...share);
  return [0, 1].map((axis) => middle[axis]! + (at[axis]! - middle[axis]!) * least) as [number, number];
}

interface Frame {
  min: [number, number];
  max: [number, number];
}

/** Widen the frame, so that a degree is as long as it ought to be in both directions. */
function fit(
  west: number, east: number, south: number, north: number, shape: number,
): Frame {
  const across = (east - west) * SQUEEZE;
  const up = north - south;
  const wide = Math.max(across, up * shape) / SQUEEZE;
  const tall = Math.max(up, across / shape);
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  return { min: [x - wide / 2, y - tall / 2], max: [x + wide / 2, y + tall / 2] };
}
