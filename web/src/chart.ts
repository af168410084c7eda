// Flow, network and map, drawn by ECharts from data that the page carries. Only what is needed of
// the library is loaded; the table beside a chart says the same to who cannot see it.
import { GraphChart, LinesChart, SankeyChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { drawMap, type MapData } from "./maps";
import { drawFlow, drawNetwork, makeRoom, type LinkData } from "./networks";
import { readColours } from "./colours";

use([
  CanvasRenderer,
  GraphChart,
  GridComponent,
  LabelLayout,
  LinesChart,
  SankeyChart,
  ScatterChart,
  TooltipComponent,
]);

for (const figure of document.querySelectorAll<HTMLElement>("figure.picture")) {
  const box = figure.querySelector<HTMLElement>(".chart");
  const text = figure.querySelector(".chart-data")?.textContent;
  if (box && text) show(box, JSON.parse(text) as unknown);
}

function show(box: HTMLElement, data: unknown): void {
  const view = box.dataset["view"];
  if (view === "flow" || view === "network") makeRoom(data as LinkData, box, view);
  let chart = draw(box, view, data);
  new ResizeObserver(() => chart.resize()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    chart.dispose();
    chart = draw(box, view, data);
  });
}

function draw(box: HTMLElement, view: string | undefined, data: unknown): EChartsType {
  const chart = init(box, null, { renderer: "canvas" });
  const colours = readColours();
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const option =
    view === "map"
      ? drawMap(data as MapData, colours, box)
      : view === "flow"
        ? drawFlow(data as LinkData, colours, box)
        : drawNetwork(data as LinkData, colours, box);
  chart.setOption({
    animation: !isStill,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: {
      // Drawn on the canvas: a tooltip of HTML would have inline styles, which the page forbids.
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.sheet,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 13 },
    },
    ...option,
  });
  chart.on("click", (event) => {
    const url = (event.data as { url?: string } | undefined)?.url;
    if (url) location.assign(url);
  });
  return chart;
}
