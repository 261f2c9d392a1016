"""Previews in the formats of other programs.

coordinates   metres or page units, y upwards, as maps and drawings have them
properties    what there is to say of a room, besides its outline
schedule      the columns of a room schedule for machines, and a row of it
schedule_words  what a schedule for people says
labels        where a label stands
file_names    how files are called
geojson, svg, coco, csv_table, xlsx, schedule_sheet, dxf   one file a format
formats       which formats there are
"""
